import { isDeepStrictEqual } from 'node:util';
import { guid } from '../../domain/build.ts';
import type { ActionName } from '../../domain/remediation/broken-worlds.ts';
import { microsoftGraphAppId, storageIdentifierUris } from '../../../infra/local/azure/storage-application.ts';
import type { WireObject } from '../../../infra/local/azure/wire-object.ts';
import { businessAppIdOf } from '../../../infra/local/sample-tenant/directory-ids.ts';
import type { Administered } from './administered.ts';
import { type Differences, grantPlace } from './tenant-differences.ts';

/** One action: the fault that it is for, and what it does about it. Each is about an account, or a policy, of its own. */
export interface Repair {
  readonly action: ActionName;
  readonly rule: string;
  /** Makes the fault, as an administrator would. */
  readonly fault: (tenant: Administered) => Promise<Fault>;
}

export interface Fault {
  readonly findingId: string;
  /** Object that a job writes to; lower case. */
  readonly targetId: string;
  /** All that differs in the whole tenant once it is mended, and differs no more once that is undone. */
  readonly mended: Differences;
}

const policies = '/v1.0/identity/conditionalAccess/policies';

/** Demands MFA of everybody, for these apps. */
function policy(displayName: string, includeApplications: readonly string[], excludeApplications: readonly string[]) {
  return {
    displayName,
    state: 'enabled',
    conditions: {
      clientAppTypes: ['all'],
      applications: { includeApplications, excludeApplications, includeUserActions: [] },
      users: { includeUsers: ['All'], excludeGroups: [guid(0x99)] },
    },
    grantControls: { operator: 'OR', builtInControls: ['mfa'] },
  };
}

function excluded(policyId: string): string {
  return `conditional-access-policies ${policyId} conditions applications excludeApplications`;
}

/** Fits a list that begins as it was, with these behind it in any order. */
function followedBy(old: readonly unknown[], added: readonly string[]) {
  return {
    asymmetricMatch: (list: unknown) =>
      Array.isArray(list) &&
      isDeepStrictEqual(list.slice(0, old.length), old) &&
      isDeepStrictEqual(list.slice(old.length).sort(), added.toSorted()),
    toString: () => `${JSON.stringify(old)} and ${JSON.stringify(added)}`,
  };
}

export const repairs: readonly Repair[] = [
  {
    action: 'grant-consent',
    rule: 'consent-granted',
    async fault({ grant, principal, send, get }) {
      await send('DELETE', `/v1.0/oauth2PermissionGrants/${String(grant('contosohomedrives')['id'])}`);
      const clientId = String(principal('contosohomedrives')['id']);
      const { id: resourceId } = await get(`/v1.0/servicePrincipals(appId='${microsoftGraphAppId}')`);
      const made: WireObject = {
        clientId,
        consentType: 'AllPrincipals',
        resourceId,
        principalId: null,
        scope: 'openid profile User.Read',
      };
      return {
        findingId: 'contosohomedrives/consent-granted',
        targetId: clientId,
        mended: Object.fromEntries(
          Object.entries(made).map(([name, value]) => [`${grantPlace(made)} ${name}`, [undefined, value]]),
        ),
      };
    },
  },
  {
    action: 'add-missing-scopes',
    rule: 'consent-granted',
    async fault({ grant, send }) {
      const { id, ...there } = grant('engcad');
      await send('PATCH', `/v1.0/oauth2PermissionGrants/${String(id)}`, { scope: ' openid  Files.Read' });
      return {
        findingId: 'engcad/consent-granted',
        targetId: String(id),
        // As it was spelled, the scope of somebody else too.
        mended: {
          [`${grantPlace(there)} scope`]: [' openid  Files.Read', ' openid  Files.Read profile User.Read'],
        },
      };
    },
  },
  {
    action: 'add-privatelink-uris',
    rule: 'private-link-spn',
    async fault({ tenantId, application, principal, send }) {
      const { id, appId } = application('contosoprofiles02');
      const own = storageIdentifierUris(tenantId, 'contosoprofiles02.file.core.windows.net');
      const names = storageIdentifierUris(tenantId, 'contosoprofiles02.privatelink.file.core.windows.net');
      // One of the six is left.
      const [first = '', ...missing] = names;
      const identifierUris = [first, ...own];
      await send('PATCH', `/v1.0/applications/${String(id)}`, { identifierUris });
      return {
        findingId: 'contosoprofiles02/private-link-spn',
        targetId: String(id),
        mended: {
          [`applications ${String(id)} identifierUris`]: [identifierUris, followedBy(identifierUris, missing)],
          // Entra copies them.
          [`service-principals ${String(principal('contosoprofiles02')['id'])} servicePrincipalNames`]: [
            [appId, ...identifierUris],
            followedBy([appId, ...identifierUris], missing),
          ],
        },
      };
    },
  },
  {
    action: 'assignment-not-required',
    rule: 'app-assignment-not-required',
    async fault({ principal, send }) {
      const id = String(principal('contosoprofiles')['id']);
      await send('PATCH', `/v1.0/servicePrincipals/${id}`, { appRoleAssignmentRequired: true });
      return {
        findingId: 'contosoprofiles/app-assignment-not-required',
        targetId: id,
        mended: { [`service-principals ${id} appRoleAssignmentRequired`]: [true, false] },
      };
    },
  },
  {
    action: 'add-cloud-group-tag',
    rule: 'cloud-only-group-tag',
    async fault({ application, send }) {
      const id = String(application('contosoappattach')['id']);
      await send('PATCH', `/v1.0/applications/${id}`, { tags: ['HideApp', 'apiConsumer'] });
      return {
        findingId: 'contosoappattach/cloud-only-group-tag',
        targetId: id,
        mended: {
          [`applications ${id} tags`]: [
            ['HideApp', 'apiConsumer'],
            ['HideApp', 'apiConsumer', 'kdc_enable_cloud_group_sids'],
          ],
        },
      };
    },
  },
  {
    action: 'replace-dangling-exclusion',
    rule: 'mfa-exclusion-not-orphaned',
    async fault({ account, application, appIds, send }) {
      const former = String(application('finarchive')['appId']);
      const exclude = appIds();
      const { id } = await send('POST', policies, policy('MFA for the archive', ['All'], exclude));
      const path = `${account('finarchive')}?api-version=2025-08-01`;
      for (const directoryServiceOptions of ['None', 'AADKERB']) {
        await send('PATCH', path, {
          properties: { azureFilesIdentityBasedAuthentication: { directoryServiceOptions } },
        });
      }
      const { appId } = application('finarchive');
      return {
        findingId: `-/mfa-exclusion-not-orphaned/${String(id)}:${former}`,
        targetId: String(id),
        // In the same place of the list.
        mended: { [excluded(String(id))]: [exclude, exclude.map((one) => (one === former ? appId : one))] },
      };
    },
  },
  {
    action: 'remove-orphaned-exclusion',
    rule: 'mfa-exclusion-not-orphaned',
    async fault({ send }) {
      const [intranet, travel, fleet] = [
        businessAppIdOf('Contoso Intranet Search'),
        businessAppIdOf('Contoso Travel'),
        businessAppIdOf('Contoso Fleet'),
      ];
      const gone = guid(0x6001);
      const made = await send('POST', policies, policy('Intranet: MFA', [intranet], [travel, gone, fleet]));
      const id = String(made['id']);
      return {
        findingId: `-/mfa-exclusion-not-orphaned/${id}:${gone}`,
        targetId: id,
        mended: {
          [excluded(id)]: [
            [travel, gone, fleet],
            [travel, fleet],
          ],
        },
      };
    },
  },
  {
    action: 'exclude-app-from-policy',
    rule: 'mfa-excluded',
    async fault({ application, appIds, send }) {
      const { appId } = application('finledger');
      // It breaks no other account.
      const others = appIds().filter((one) => one !== appId);
      const { id } = await send('POST', policies, policy('MFA everywhere', ['All'], others));
      return {
        findingId: 'finledger/mfa-excluded',
        targetId: String(id),
        mended: { [excluded(String(id))]: [others, [...others, appId]] },
      };
    },
  },
  {
    action: 'allow-aes256-kerberos',
    rule: 'kerberos-aes256-allowed',
    async fault({ account, send }) {
      const id = `${account('engbuilds')}/fileServices/default`;
      await send('PUT', `${id}?api-version=2025-08-01`, {
        properties: {
          cors: {
            corsRules: [
              {
                allowedOrigins: ['https://contoso.example'],
                allowedMethods: ['GET', 'HEAD'],
                allowedHeaders: ['x-ms-*'],
                exposedHeaders: [],
                maxAgeInSeconds: 600,
              },
            ],
          },
          shareDeleteRetentionPolicy: { enabled: true, days: 30 },
          protocolSettings: {
            smb: {
              versions: 'SMB3.1.1;',
              authenticationMethods: 'NTLMv2;Kerberos;',
              kerberosTicketEncryption: 'RC4-HMAC;',
              channelEncryption: 'AES-256-GCM;',
              multichannel: { enabled: true },
            },
          },
        },
      });
      return {
        findingId: 'engbuilds/kerberos-aes256-allowed',
        targetId: account('engbuilds').toLowerCase(),
        mended: {
          [`file-services ${id.toLowerCase()} properties protocolSettings smb kerberosTicketEncryption`]: [
            'RC4-HMAC;',
            'RC4-HMAC;AES-256;',
          ],
        },
      };
    },
  },
];
