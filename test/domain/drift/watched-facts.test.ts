import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesBetween, partOf } from '../../../domain/drift/fact-change.ts';
import type { SeenFacts } from '../../../domain/drift/fact-values.ts';
import { fingerprintOf, rememberedFacts, watchedFacts } from '../../../domain/drift/watched-facts.ts';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import type { ServicePrincipal } from '../../../domain/model/directory.ts';
import type { DirectoryFacts, ResourceFacts } from '../../../domain/model/facts.ts';
import type { RoleAssignment } from '../../../domain/model/resources.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { sha256 } from '../../../infra/digest.ts';
import {
  account,
  activeDirectory,
  appId,
  application,
  day,
  directory,
  fileService,
  gap,
  grant,
  graphPrincipal,
  graphPrincipalId,
  guid,
  now,
  password,
  policy,
  principal,
  principalId,
  resources,
} from '../build.ts';

interface Given {
  readonly account?: Partial<StorageAccount>;
  readonly directory?: Partial<DirectoryFacts>;
  readonly resources?: Partial<ResourceFacts>;
}

function seen(given: Given = {}, fileServices = known([fileService()])): SeenFacts {
  return watchedFacts(account(given.account), directory(given.directory), resources(given.resources, fileServices));
}

const app = (name: string): string => `app/${appId}/${name}`;
const twenty = Array.from({ length: 20 }, (_, index) => guid(0x500 + index));
const contributor = '0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb';
const roles = 'shareRoleAssignments';

/** Somebody may mount the shares of the account. */
function role(over: Partial<RoleAssignment> = {}): RoleAssignment {
  const { key } = account();
  return { id: 'a1', scope: key, roleId: contributor, principalId: guid(0x202), conditional: false, ...over };
}

const source = 'azureFilesIdentityBasedAuthentication.directoryServiceOptions';

describe('The watched facts of an account', () => {
  it('are those of the account, its file service, its app and the tenant', () => {
    const { values, unread } = seen({
      account: { activeDirectory: activeDirectory({ domainName: 'Corp.Contoso.com', domainSid: 'S-1-5-21-7' }) },
      directory: { conditionalAccessPolicies: known([policy()]) },
    });

    expect(unread).toEqual([]);
    expect(values).toMatchObject({
      kind: 'storagev2',
      shareRoleAssignments: [],
      [source]: 'AADKERB',
      'azureFilesIdentityBasedAuthentication.activeDirectoryProperties.domainName': 'corp.contoso.com',
      'azureFilesIdentityBasedAuthentication.activeDirectoryProperties.domainSid': 's-1-5-21-7',
      'azureFilesIdentityBasedAuthentication.defaultSharePermission': 'StorageFileDataSmbShareContributor',
      'azureFilesIdentityBasedAuthentication.smbOAuthSettings.isSmbOAuthEnabled': false,
      allowSharedKeyAccess: false,
      privateEndpointConnections: [],
      'fileServices/default.protocolSettings.smb.authenticationMethods': ['Kerberos'],
      apps: [appId],
      [app('principalId')]: principalId,
      [app('accountEnabled')]: true,
      [app('appRoleAssignmentRequired')]: false,
      [app('credentials')]: [`${guid(0xe)} ends ${new Date(now + 300 * day).toISOString()}`],
      [app('consentedScopes')]: ['openid', 'profile', 'user.read'].map((scope) => `${graphPrincipalId} ${scope}`),
      [app('owners')]: [],
      [app('policies')]: [`${guid(0x100)} violation`],
      'tenant/securityDefaults': false,
    });
  });

  it('do not change with the order of lists, nor with the case of what compares without it', () => {
    const lists = {
      principals: [graphPrincipal(), principal({ passwordCredentials: [password(10), password(20, 365, guid(0xf))] })],
      grants: [grant(), grant({ id: 'grant-2', scopes: ['offline_access'] })],
      policies: [
        policy(),
        policy({ id: guid(0x101), displayName: 'Block', state: 'disabled' }),
        policy({ id: guid(0x102) }),
      ],
      owners: [guid(1), guid(2), guid(3)],
      names: principal().servicePrincipalNames,
      connections: [
        { endpointKey: '/a', status: 'Approved' },
        { endpointKey: '/b', status: 'Pending' },
        { endpointKey: null, status: null },
      ],
    };
    const fingerprint = (given: typeof lists, upper: boolean): string => {
      const cased = (text: string): string => (upper ? text.toUpperCase() : text);
      const own = given.principals.map((one) =>
        one.appId === appId ? { ...one, servicePrincipalNames: given.names.map(cased) } : one,
      );
      const { values } = seen({
        account: {
          privateEndpointConnections: given.connections.map(({ endpointKey, status }) => ({
            endpointKey,
            status: status === null ? null : cased(status),
          })),
        },
        directory: {
          servicePrincipals: known(own),
          oauth2PermissionGrants: known(given.grants.map((one) => ({ ...one, scopes: one.scopes.map(cased) }))),
          conditionalAccessPolicies: known(given.policies),
          applications: known([application({ ownerIds: given.owners })]),
        },
      });
      return fingerprintOf(values, sha256);
    };
    const wanted = fingerprint(lists, false);
    const shuffled = fc.record({
      principals: fc.shuffledSubarray(lists.principals, { minLength: 2 }),
      grants: fc.shuffledSubarray(lists.grants, { minLength: 2 }),
      policies: fc.shuffledSubarray(lists.policies, { minLength: 3 }),
      owners: fc.shuffledSubarray(lists.owners, { minLength: 3 }),
      names: fc.shuffledSubarray([...lists.names], { minLength: lists.names.length }),
      connections: fc.shuffledSubarray(lists.connections, { minLength: 3 }),
    });

    fc.assert(
      fc.property(shuffled, fc.boolean(), (given, upper) => {
        expect(fingerprint(given, upper)).toBe(wanted);
      }),
    );
    expect(fingerprint({ ...lists, owners: lists.owners.slice(1) }, false)).not.toBe(wanted);
  });

  it('are the same whatever order their properties came in', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (values) => {
        const turned = Object.fromEntries(Object.entries(values).reverse());
        expect(fingerprintOf(turned, sha256)).toBe(fingerprintOf(values, sha256));
      }),
    );
  });
});

describe('What could not be read', () => {
  const standing = { conditionalAccessPolicies: known([policy()]) };
  const before = seen({ directory: standing }).values;
  const blind = (over: Partial<DirectoryFacts>): SeenFacts => seen({ directory: { ...standing, ...over } });
  const ours = (over: Partial<ServicePrincipal>) => known([graphPrincipal(), principal(over)]);

  it.each<[string, SeenFacts]>([
    ['service principals', blind({ servicePrincipals: unavailable(gap('service-principals')) })],
    ['service principals, in part', blind({ servicePrincipals: collected([], [gap('service-principals')]) })],
    ['applications', blind({ applications: unavailable(gap('applications')) })],
    ['consents', blind({ oauth2PermissionGrants: collected([], [gap('oauth2-permission-grants')]) })],
    ['policies', blind({ conditionalAccessPolicies: unavailable(gap('conditional-access-policies')) })],
    ['policies, in part', blind({ conditionalAccessPolicies: collected([], [gap('conditional-access-policies')]) })],
    ['security defaults', blind({ securityDefaults: unavailable(gap('security-defaults')) })],
    ['the file service', seen({ directory: standing }, unavailable(gap('file-services')))],
    ['owners', blind({ applications: known([application({ ownerIds: null })]) })],
    ['owners, cut off', blind({ applications: known([application({ ownerIds: twenty })]) })],
    ['credentials', blind({ servicePrincipals: ours({ passwordCredentials: null }) })],
    ['whether it is enabled', blind({ servicePrincipals: ours({ accountEnabled: null }) })],
    ['roles', seen({ directory: standing, resources: { roleAssignments: unavailable(gap('role-assignments')) } })],
    [
      'roles, in part',
      seen({ directory: standing, resources: { roleAssignments: collected([role()], [gap('role-assignments')]) } }),
    ],
    [
      'what an own role allows',
      seen({
        directory: standing,
        resources: {
          roleAssignments: known([role({ roleId: guid(0x201) })]),
          roleDefinitions: unavailable(gap('role-definitions')),
        },
      }),
    ],
    ['connections', seen({ directory: standing, account: { privateEndpointConnections: null } })],
    ['the directory of another tenant', seen({ directory: standing, account: { tenantId: guid(0x99) } })],
    ['an account without a file endpoint', seen({ directory: standing, account: { host: null } })],
  ])('keeps its former value and is marked: %s', (_, now_) => {
    const { values, unread } = rememberedFacts(before, now_);

    expect(unread.length).toBeGreaterThan(0);
    expect(changesBetween(before, values)).toEqual([]);
    expect(fingerprintOf(values, sha256)).toBe(fingerprintOf(before, sha256));
  });

  it('is no change where an attribute that a policy filters by was not read', () => {
    const filtered = policy({
      applications: {
        ...policy().applications,
        filter: { mode: 'exclude', rule: 'CustomSecurityAttribute.A_B -eq "x"' },
      },
    });
    const { unread } = seen({
      directory: {
        conditionalAccessPolicies: known([filtered]),
        servicePrincipals: ours({ securityAttributes: null }),
      },
    });

    expect(unread).toEqual([app('policies')]);
  });

  it('is not told as a change once it is read for the first time', () => {
    const first = seen({ directory: { securityDefaults: unavailable(gap('security-defaults')) } });
    const second = rememberedFacts(first.values, seen());

    expect(changesBetween(first.values, second.values)).toEqual([]);
    expect(fingerprintOf(second.values, sha256)).not.toBe(fingerprintOf(first.values, sha256));
  });
});

describe('A change of watched facts', () => {
  it.each<[string, Given, string, unknown, unknown]>([
    ['the identity source', { account: { directoryService: 'None' } }, source, 'AADKERB', 'None'],
    ['shared keys', { account: { sharedKeyAllowed: true } }, 'allowSharedKeyAccess', false, true],
    [
      'a principal that was disabled',
      { directory: { servicePrincipals: known([graphPrincipal(), principal({ accountEnabled: false })]) } },
      app('accountEnabled'),
      true,
      false,
    ],
    [
      'a consent that was taken back',
      { directory: { oauth2PermissionGrants: known([]) } },
      app('consentedScopes'),
      ['openid', 'profile', 'user.read'].map((scope) => `${graphPrincipalId} ${scope}`),
      [],
    ],
    [
      'a policy that reaches the app',
      { directory: { conditionalAccessPolicies: known([policy({ state: 'enabledForReportingButNotEnforced' })]) } },
      app('policies'),
      [],
      [`${guid(0x100)} violation (report-only)`],
    ],
    ['the kind', { account: { kind: 'FileStorage' } }, 'kind', 'storagev2', 'filestorage'],
    [
      'security defaults',
      { directory: { securityDefaults: known([{ isEnabled: true }]) } },
      'tenant/securityDefaults',
      false,
      true,
    ],
  ])('is told by property, before and after: %s', (_, given, property, before, after) => {
    const { values } = rememberedFacts(seen().values, seen(given));
    expect(changesBetween(seen().values, values)).toEqual([{ property, before, after }]);
  });

  it('is told of roles on shares: which, to whom, where, and whether under a condition', () => {
    const share = `${account().key}/fileservices/default/fileshares/profiles`;
    const before = seen({ resources: { roleAssignments: known([role()]) } }).values;
    const after = seen({
      resources: {
        roleAssignments: known([
          role({ id: 'a2', conditional: true }),
          role({ id: 'a3', scope: share, principalId: guid(0x203) }),
          role({ id: 'a4', scope: '/subscriptions/elsewhere' }),
          role({ id: 'a5', roleId: guid(0x201) }),
        ]),
      },
    }).values;

    expect(changesBetween(before, after)).toEqual([
      {
        property: roles,
        before: [`Storage File Data SMB Share Contributor to ${guid(0x202)} at account`],
        after: [
          `Storage File Data SMB Share Contributor to ${guid(0x202)} at account under a condition`,
          `Storage File Data SMB Share Contributor to ${guid(0x203)} at account/fileservices/default/fileshares/profiles`,
        ],
      },
    ]);
    expect(partOf(roles)).toBe('access');
  });

  it('is told of very many roles by how many there are, and not by the order they came in', () => {
    const many = Array.from({ length: 51 }, (_, index) => role({ id: `a${String(index)}`, principalId: guid(index) }));
    const of = (assignments: readonly RoleAssignment[]): unknown =>
      seen({ resources: { roleAssignments: known(assignments) } }).values[roles];

    expect(of(many)).toEqual(['Storage File Data SMB Share Contributor at account: 51 assignments']);
    expect(of(many.slice(1))).toHaveLength(50);
    expect(of(many.slice(1).toReversed())).toEqual(of(many.slice(1)));
  });

  it('is none of a fact that an older version did not keep, and one from the next look on', () => {
    const seenNow = seen({ resources: { roleAssignments: known([role()]) } });
    const added = [roles, 'kind'];
    const older = Object.fromEntries(Object.entries(seenNow.values).filter(([name]) => !added.includes(name)));
    const { values } = rememberedFacts(older, seenNow);

    expect(changesBetween(older, values)).toEqual([]);
    expect(changesBetween(values, seen().values).map(({ property }) => property)).toEqual([roles]);
  });

  it('tells of an app that has gone what it was, and of a new one what it is', () => {
    const none = {
      applications: known([]),
      servicePrincipals: known([graphPrincipal()]),
      oauth2PermissionGrants: known([]),
    };
    const gone = changesBetween(seen().values, rememberedFacts(seen().values, seen({ directory: none })).values);
    const back = changesBetween(seen({ directory: none }).values, seen().values);

    expect(gone).toContainEqual({ property: 'apps', before: [appId], after: [] });
    expect(gone).toContainEqual({ property: app('principalId'), before: principalId, after: null });
    expect(back).toContainEqual({ property: app('principalId'), before: null, after: principalId });
    expect(new Set(back.map(({ property }) => partOf(property)))).toEqual(new Set(['directory']));
  });

  it('is none where nothing is another', () => {
    expect(changesBetween(seen().values, seen().values)).toEqual([]);
  });
});
