import { type Collection, known } from '../../../domain/model/collection.ts';
import type { DirectoryFacts, ResourceFacts } from '../../../domain/model/facts.ts';
import type { ConditionalAccessPolicy } from '../../../domain/model/conditional-access-policy.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { account, applications, grant, graphPrincipal, guid, policy, tenantId } from '../../domain/build.ts';
import type { FileService } from '../../../domain/model/resources.ts';
import { kerberosAccount, resourcesOf, storageAppOf, type StorageAppObjects } from '../../domain/estate.ts';
import { smbWords } from './file-service.ts';
import {
  accountIdOf,
  accountKeyOf,
  type LiveAccount,
  type LiveApp,
  type LivePolicy,
  type LiveTenant,
  subscriptionIds,
} from './live.ts';

const day = 86_400_000;

/** An account as ARM shows it. */
export function storageAccountOf(live: LiveAccount): StorageAccount {
  const { host } = kerberosAccount(live.name);
  return account({
    id: accountIdOf(live),
    key: accountKeyOf(live),
    name: live.name,
    subscriptionId: live.subscriptionId,
    host,
    directoryService: live.kerberos ? 'AADKERB' : 'None',
    smbOAuthEnabled: live.smbOAuth,
    createdAt: live.createdAt,
    privateEndpointConnections: live.privateEndpoint ? [{ endpointKey: endpointKeyOf(live), status: 'Approved' }] : [],
  });
}

/** The objects of an app in the directory, without its consent. */
export function appObjectsOf(
  name: string,
  { number, passwordEndsAt, assignmentRequired, moreNames, tags }: LiveApp,
): StorageAppObjects {
  const objects = storageAppOf(name, number);
  const passwordCredentials = [
    { keyId: guid(0x5000 + number), startsAt: passwordEndsAt - 365 * day, endsAt: passwordEndsAt },
  ];
  return {
    ...objects,
    application: {
      ...objects.application,
      identifierUris: [...objects.application.identifierUris, ...moreNames],
      tags,
    },
    principal: {
      ...objects.principal,
      servicePrincipalNames: [...objects.principal.servicePrincipalNames, ...moreNames],
      passwordCredentials,
      appRoleAssignmentRequired: assignmentRequired,
    },
  };
}

/** The members of `conditions.applications`, as they are on the wire. */
export function policySectionOf({ excluded }: Pick<LivePolicy, 'excluded'>) {
  return {
    includeApplications: ['All'],
    excludeApplications: excluded,
    includeUserActions: [],
    includeAuthenticationContextClassReferences: [],
    applicationFilter: null,
  } as const;
}

export function editTimeOf({ edits }: Pick<LivePolicy, 'edits'>): string {
  return new Date(Date.UTC(2026, 0, 1) + edits * 1000).toISOString();
}

export function policyOf(live: LivePolicy): ConditionalAccessPolicy {
  return policy({
    state: live.state,
    applications: applications({ include: ['All'], exclude: live.excluded }),
    asRead: { applications: policySectionOf(live), modifiedDateTime: editTimeOf(live) },
  });
}

/** The directory, read whole. */
export function directoryFactsOf({ accounts, policy: live }: LiveTenant): DirectoryFacts {
  const apps = accounts.flatMap(({ name, app }) => (app === null ? [] : [{ app, ...appObjectsOf(name, app) }]));
  return {
    tenantId,
    applications: known(apps.map(({ application }) => application)),
    servicePrincipals: known([graphPrincipal(), ...apps.map(({ principal }) => principal)]),
    oauth2PermissionGrants: known(
      apps.flatMap(({ app, principal }) =>
        app.consents.map(({ id, scope }) =>
          grant({ id, clientId: principal.id, scopes: scope.split(' '), scopeAsRead: scope }),
        ),
      ),
    ),
    conditionalAccessPolicies: known([policyOf(live)]),
    securityDefaults: known([{ isEnabled: false }]),
    defaultAppManagementPolicy: known([{ isEnabled: false, servicePrincipalPasswordRestrictions: [] }]),
  };
}

/** The file service of an account as ARM shows it. */
export function fileServicesOf(live: LiveAccount): Collection<FileService> {
  const { authenticationMethods, kerberosTicketEncryption } = smbWords(live.files);
  return known([
    { accountKey: accountKeyOf(live), authenticationMethods, kerberosTicketEncryption, asRead: live.files },
  ]);
}

/** The private endpoints that lead to accounts. */
export function resourceFactsOf({ accounts }: Pick<LiveTenant, 'accounts'>): ResourceFacts {
  const connected = accounts.filter(({ exists, privateEndpoint }) => exists && privateEndpoint);
  return {
    ...resourcesOf(),
    privateEndpoints: known(
      connected.map((live) => ({
        key: endpointKeyOf(live),
        name: `pe-${live.name}`,
        links: [{ targetKey: accountKeyOf(live), groupIds: ['file'], status: 'Approved' }],
      })),
    ),
  };
}

/** The endpoint stays where it is when its account moves. */
export function endpointKeyOf({ name }: LiveAccount): string {
  return `/subscriptions/${subscriptionIds[0]}/resourcegroups/network/providers/microsoft.network/privateendpoints/pe-${name}`;
}
