import { known } from '../../../domain/model/collection.ts';
import type { Settings } from '../../../domain/model/settings.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { actionRisks } from '../../../domain/remediation/actions.ts';
import type { Repair } from '../../../domain/remediation/repair.ts';
import type { RuleContext } from '../../../domain/rules/rule.ts';
import type { WireObject } from '../../../infra/estate-source.ts';
import { account, appId, guid, settings } from '../build.ts';
import { contextOf, type World, worldOf } from './apply-plan.ts';
import {
  policyId,
  wireApplication,
  wireFileService,
  wireGrant,
  wireGraphPrincipal,
  wirePolicy,
  wirePrincipal,
} from './wire-objects.ts';

export type ActionName = keyof typeof actionRisks;

/** A tenant in which one action has something to mend, and what somebody else may do to the same object meanwhile. */
export interface BrokenWorld {
  readonly action: ActionName;
  readonly world: () => World;
  readonly context: (world: World) => RuleContext;
  readonly account: StorageAccount;
  readonly repair: Repair;
  readonly rule: string;
  /** Of the finding. */
  readonly findingId: string;
  /** Former apps of the account. */
  readonly formerApps?: readonly string[];
  readonly settings: Settings;
  /** Changes what the plan guards; the list that it writes stays as it is. */
  readonly meddle: (world: World) => void;
}

const place = account().name;
const gone = guid(0x6001);
const sound = (over: { application?: WireObject; principal?: WireObject } = {}) => ({
  applications: [wireApplication(over.application)],
  servicePrincipals: [wireGraphPrincipal(), wirePrincipal(over.principal)],
});

function about(
  action: ActionName,
  rule: string,
  over: Omit<Partial<BrokenWorld>, 'world'> & Pick<BrokenWorld, 'world' | 'meddle'>,
): BrokenWorld {
  const own = over.account ?? account();
  const given = settings({
    remediation: { [action]: actionRisks[action] === 'safe' ? 'auto' : 'approve' },
    cloudOnlyUsers: action === 'add-cloud-group-tag' ? [{ name: '*' }] : [],
  });
  return {
    action,
    rule,
    account: own,
    context: (world) => contextOf(world, { account: own, settings: given }),
    repair: { of: 'account', accountId: own.key, rule },
    findingId: `${place}/${rule}`,
    settings: given,
    ...over,
  };
}

/** Changes a member of the first object whose path begins so. */
function change(path: string, over: (object: WireObject) => WireObject) {
  return (world: World): void => {
    const [key, object] = [...world].find(([one]) => one.startsWith(path)) ?? [];
    if (key === undefined || object === undefined) throw new Error(`Nothing lies at ${path}`);
    world.set(key, { ...object, ...over(object) });
  };
}

const renamed = change('/v1.0/identity/conditionalAccess/policies/', () => ({ displayName: 'Renamed meanwhile' }));
const principalPath = `/v1.0/servicePrincipals/${wirePrincipal()['id'] as string}`;
const endpointKey = `${account().key}-endpoint`;
const withEndpoint = account({ privateEndpointConnections: [{ endpointKey, status: 'Approved' }] });

export const brokenWorlds: readonly BrokenWorld[] = [
  about('grant-consent', 'consent-granted', {
    world: () => worldOf(sound()),
    meddle: (world) => {
      const grant = wireGrant({
        id: 'of-somebody-else',
        scope: 'Mail.Read',
        consentType: 'Principal',
        principalId: guid(0x88),
      });
      const others = [...world].filter(([path]) => path.startsWith('/v1.0/oauth2PermissionGrants/'));
      for (const [path] of others) world.delete(path);
      world.set('/v1.0/oauth2PermissionGrants/of-somebody-else', grant);
      for (const [path, one] of others) world.set(path, one);
    },
  }),
  about('add-missing-scopes', 'consent-granted', {
    world: () => worldOf({ ...sound(), grants: [wireGrant({ scope: ' openid Files.Read' })] }),
    meddle: change('/v1.0/oauth2PermissionGrants/', ({ scope }) => ({ scope: `${String(scope)} Mail.Read` })),
  }),
  about('add-privatelink-uris', 'private-link-spn', {
    account: withEndpoint,
    world: () => worldOf(sound()),
    context: (world) =>
      contextOf(world, {
        account: withEndpoint,
        resources: {
          privateEndpoints: known([
            {
              key: endpointKey,
              name: 'pe',
              links: [{ targetKey: withEndpoint.key, groupIds: ['file'], status: 'Approved' }],
            },
          ]),
        },
      }),
    meddle: change('/v1.0/applications/', ({ identifierUris }) => ({
      identifierUris: [...(identifierUris as string[]), 'api://somebody'],
    })),
  }),
  about('assignment-not-required', 'app-assignment-not-required', {
    world: () => worldOf(sound({ principal: { appRoleAssignmentRequired: true } })),
    meddle: change(principalPath, ({ servicePrincipalNames }) => ({
      servicePrincipalNames: [...(servicePrincipalNames as string[]), 'api://somebody'],
    })),
  }),
  about('add-cloud-group-tag', 'cloud-only-group-tag', {
    world: () => worldOf(sound({ application: { tags: ['HideApp'] } })),
    meddle: change('/v1.0/applications/', ({ tags }) => ({ tags: [...(tags as string[]), 'OfSomebody'] })),
  }),
  about('allow-aes256-kerberos', 'kerberos-aes256-allowed', {
    world: () =>
      worldOf({
        ...sound(),
        fileServices: [
          wireFileService({}, { authenticationMethods: 'NTLMv2;', kerberosTicketEncryption: 'RC4-HMAC;' }),
        ],
      }),
    meddle: change('/subscriptions/', ({ properties }) => ({
      properties: { ...(properties as WireObject), cors: { corsRules: [] } },
    })),
  }),
  about('exclude-app-from-policy', 'mfa-excluded', {
    world: () => worldOf({ ...sound(), policies: [wirePolicy({}, { excludeApplications: [guid(0x5001)] })] }),
    repair: { of: 'policy', policyId },
    meddle: renamed,
  }),
  about('replace-dangling-exclusion', 'mfa-exclusion-not-orphaned', {
    world: () => worldOf({ ...sound(), policies: [wirePolicy({}, { excludeApplications: [gone] })] }),
    repair: { of: 'exclusions', policyId },
    findingId: `-/mfa-exclusion-not-orphaned/${policyId}:${gone}`,
    formerApps: [gone],
    meddle: renamed,
  }),
  about('remove-orphaned-exclusion', 'mfa-exclusion-not-orphaned', {
    world: () => worldOf({ ...sound(), policies: [wirePolicy({}, { excludeApplications: [gone, appId] })] }),
    repair: { of: 'exclusions', policyId },
    findingId: `-/mfa-exclusion-not-orphaned/${policyId}:${gone}`,
    meddle: renamed,
  }),
];
