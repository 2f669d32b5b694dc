import { describe, expect, it } from 'vitest';
import { type Collection, collected, known, unavailable } from '../../../domain/model/collection.ts';
import type { RoleAssignment, RoleDefinition } from '../../../domain/model/resources.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { sharePermissionAssigned } from '../../../domain/rules/share-permission-assigned.ts';
import { account, gap, guid, judge, resources, settings, tenantId } from '../build.ts';

const reader = 'aba4ae5f-2193-4029-9191-0cb91df5e314';
const contributor = '0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb';
const elevated = 'a7264617-510b-434b-a828-9731dc254ea7';
const privilegedReader = 'b8eda974-7b85-4f76-af95-65846b26df6d';
const privilegedContributor = '69566ab7-960f-475b-8e7c-b3118f30c6bd';
const smbAdmin = 'bbf004e3-0e4b-4f86-ae4f-1f8fb47b357b';
const custom = guid(0x201);

const accountKey = account().key;
const [group = '', subscription = ''] = [/^.*(?=\/providers\/)/, /^\/subscriptions\/[^/]+/].map(
  (part) => part.exec(accountKey)?.[0],
);
const managementGroup = (name: string) => `/providers/microsoft.management/managementgroups/${name}`;

function assignment(over: Partial<RoleAssignment> = {}): RoleAssignment {
  return {
    id: 'assignment-1',
    scope: accountKey,
    roleId: contributor,
    principalId: guid(0x202),
    conditional: false,
    ...over,
  };
}

function definition(...permissions: Partial<RoleDefinition['permissions'][number]>[]): RoleDefinition {
  return {
    roleId: custom,
    name: 'Profile users',
    permissions: permissions.map((one) => ({ dataActions: [], notDataActions: [], ...one })),
  };
}

const noDefault = account({ defaultSharePermission: null });

/** The verdict without a default permission, all roles read whole but for what is given. */
function judged(
  roleAssignments: Collection<RoleAssignment>,
  roleDefinitions: Collection<RoleDefinition> = known([]),
  over: Partial<StorageAccount> = {},
) {
  return judge(sharePermissionAssigned, {
    account: { ...noDefault, ...over },
    resources: resources({ roleAssignments, roleDefinitions }),
  });
}

describe('share-permission-assigned: by the default permission', () => {
  it.each([
    'StorageFileDataSmbShareReader',
    'storagefiledatasmbsharecontributor',
    'StorageFileDataSmbShareElevatedContributor',
    'StorageFileDataPrivilegedReader',
    'StorageFileDataPrivilegedContributor',
    'StorageFileDataSmbAdmin',
  ])('is compliant with %s, without looking further', (defaultSharePermission) => {
    const nothing = resources({
      roleAssignments: unavailable(gap('role-assignments')),
      roleDefinitions: unavailable(gap('role-definitions')),
    });
    expect(
      judge(sharePermissionAssigned, { account: account({ defaultSharePermission }), resources: nothing }),
    ).toMatchObject({ outcome: 'pass', evidence: { defaultSharePermission, readFrom: ['storage-accounts'] } });
  });

  it.each([null, 'None', 'NONE'])('goes on to role assignments with %s', (defaultSharePermission) => {
    expect(judged(known([assignment()]), known([]), { defaultSharePermission }).outcome).toBe('pass');
    expect(judged(known([]), known([]), { defaultSharePermission }).outcome).toBe('fail');
  });

  it('could not be evaluated: the default is a value that is not known', () => {
    const strange = { defaultSharePermission: 'StorageFileDataSmbShareOwner' };
    expect(judged(known([assignment()]), known([]), strange)).toMatchObject({
      outcome: 'unknown',
      severity: 'high',
      evidence: strange,
      gaps: [],
    });
  });

  describe('where settings declare cloud-only users', () => {
    const cloudOnly = settings({ cloudOnlyUsers: [{ name: 'fabrikam*' }, { name: 'contoso*' }] });
    const assigned = resources({ roleAssignments: known([assignment()]) });

    it('is compliant with a default permission', () => {
      expect(judge(sharePermissionAssigned, { settings: cloudOnly }).outcome).toBe('pass');
    });

    it('is not compliant without, whatever roles are assigned', () => {
      const verdict = judge(sharePermissionAssigned, { account: noDefault, settings: cloudOnly, resources: assigned });
      expect(verdict).toMatchObject({ outcome: 'fail', severity: 'high', evidence: { cloudOnlyUsers: true } });
      expect(verdict.title).toContain('cloud-only');
    });

    it('is not compliant without, though role assignments were not read', () => {
      const unread = resources({ roleAssignments: unavailable(gap('role-assignments')) });
      expect(
        judge(sharePermissionAssigned, { account: noDefault, settings: cloudOnly, resources: unread }).outcome,
      ).toBe('fail');
    });

    it('counts roles on the accounts that no entry names', () => {
      const elsewhere = settings({ cloudOnlyUsers: [{ name: 'fabrikam*' }] });
      expect(
        judge(sharePermissionAssigned, { account: noDefault, settings: elsewhere, resources: assigned }).outcome,
      ).toBe('pass');
    });
  });
});

describe('share-permission-assigned: by role assignments', () => {
  it.each([reader, contributor, elevated, privilegedReader, privilegedContributor, smbAdmin])(
    'is compliant with the built-in role %s',
    (roleId) => {
      expect(judged(known([assignment({ roleId })]), unavailable(gap('role-definitions'))).outcome).toBe('pass');
    },
  );

  it.each([
    ['the account', accountKey],
    ['a share', `${accountKey}/fileservices/default/fileshares/profiles`],
    ['the file service', `${accountKey}/fileservices/default`],
    ['the resource group', group],
    ['the subscription', subscription],
    ['the root management group', managementGroup(tenantId)],
    ['the root of everything', '/'],
  ])('is compliant with an assignment at %s', (_says, scope) => {
    expect(judged(known([assignment({ scope })]))).toMatchObject({
      outcome: 'pass',
      evidence: { assignments: [{ scope, roleId: contributor }], assignmentCount: 1 },
      deciders: ['assignment-1'],
    });
  });

  it.each([
    ['another account whose name begins alike', `${accountKey}2`],
    ['another subscription', `/subscriptions/${guid(3)}`],
    ['another resource group whose name begins alike', `${group}-test`],
    ['a blob container of the account', `${accountKey}/blobservices/default/containers/c`],
    [
      "a share's ARM id, which takes assignments and ignores them",
      `${accountKey}/fileservices/default/shares/profiles`,
    ],
    ['a provider of the tenant', '/providers/microsoft.aadiam'],
  ])('is not compliant with an assignment at %s only', (_says, scope) => {
    expect(judged(known([assignment({ scope })]))).toMatchObject({ outcome: 'fail', severity: 'high' });
  });

  it('is not compliant with no assignment at all', () => {
    expect(judged(known([]))).toMatchObject({
      outcome: 'fail',
      severity: 'high',
      evidence: { defaultSharePermission: null, assignments: [], assignmentCount: 0 },
    });
  });

  it('says when all assignments hold under conditions only', () => {
    const conditional = assignment({ conditional: true });
    const verdict = judged(known([conditional]));
    expect(verdict).toMatchObject({ outcome: 'pass', evidence: { assignments: [{ conditional: true }] } });
    expect(verdict.title).toContain('under conditions');
    expect(judged(known([conditional, assignment({ id: 'assignment-2' })])).title).not.toContain('under conditions');
  });

  it('names assignments in the order of their ids, the first twenty, and counts all', () => {
    const many = Array.from({ length: 25 }, (_, number) => assignment({ id: `assignment-${String(number + 10)}` }));
    const verdict = judged(known(many));
    expect(verdict).toEqual(judged(known(many.toReversed())));
    expect(verdict.evidence).toMatchObject({ assignmentCount: 25 });
    expect(verdict.evidence['assignments']).toHaveLength(20);
    expect(verdict.evidence['assignments']).toMatchObject([
      { id: 'assignment-10', role: 'Storage File Data SMB Share Contributor' },
      { id: 'assignment-11' },
      ...Array.from({ length: 18 }, () => ({})),
    ]);
    expect(verdict.deciders).toHaveLength(25);
  });

  it.each([{ directoryService: 'AD' }, { kind: 'BlobStorage' }])('does not apply to %o', (over) => {
    expect(judged(known([]), known([]), over).outcome).toBe('not-applicable');
  });
});

describe('share-permission-assigned: by other roles', () => {
  const files = 'Microsoft.Storage/storageAccounts/fileServices/fileshares/files';
  const assigned = known([assignment({ roleId: custom })]);

  it.each([
    ['by name', [{ dataActions: [`${files}/read`] }]],
    ['by name in another case', [{ dataActions: [`${files}/read`.toUpperCase()] }]],
    ['by a wildcard at the end', [{ dataActions: [`${files}/*`] }]],
    ['by a wildcard inside', [{ dataActions: ['Microsoft.Storage/*/read'] }]],
    ['by everything', [{ dataActions: ['*'] }]],
    ['by its second permission', [{ dataActions: ['Microsoft.Compute/*'] }, { dataActions: [`${files}/read`] }]],
    ['with something else taken back', [{ dataActions: [`${files}/*`], notDataActions: [`${files}/delete`] }]],
    [
      'by one permission, though another takes it back',
      [{ dataActions: [`${files}/*`], notDataActions: [`${files}/read`] }, { dataActions: [`${files}/read`] }],
    ],
  ])('is compliant with one that may read files: %s', (_says, permissions) => {
    expect(judged(assigned, known([definition(...permissions)]))).toMatchObject({
      outcome: 'pass',
      evidence: { assignments: [{ roleId: custom, role: 'Profile users' }] },
    });
  });

  it.each([
    ['nothing', []],
    ['writing only', [{ dataActions: [`${files}/write`] }]],
    ['a longer action', [{ dataActions: [`${files}/readMore`] }]],
    ['blobs', [{ dataActions: ['Microsoft.Storage/storageAccounts/blobServices/*'] }]],
    ['files, taken back', [{ dataActions: [`${files}/*`], notDataActions: [`${files}/READ`] }]],
    ['files, taken back by a wildcard', [{ dataActions: [`${files}/read`], notDataActions: ['*'] }]],
  ])('is not compliant with one that allows %s', (_says, permissions) => {
    expect(judged(assigned, known([definition(...permissions)]))).toMatchObject({ outcome: 'fail', severity: 'high' });
  });

  it('is not compliant with one that whole definitions do not have', () => {
    expect(judged(assigned, known([])).outcome).toBe('fail');
  });

  it.each([
    ['unread', unavailable<RoleDefinition>(gap('role-definitions'))],
    ['partial', collected<RoleDefinition>([], [gap('role-definitions')])],
  ])('warns, since it may grant it, while definitions are %s', (_says, definitions) => {
    const verdict = judged(assigned, definitions);
    expect(verdict).toMatchObject({
      outcome: 'warn',
      severity: 'medium',
      evidence: { unseenRoles: [custom], assignments: [], assignmentCount: 0 },
      deciders: [],
      gaps: [],
    });
    expect(verdict.title).toContain('custom role');
    const two = [assignment({ roleId: guid(0x203) }), assignment({ roleId: custom })];
    expect(judged(known(two), definitions).evidence).toMatchObject({ unseenRoles: [custom, guid(0x203)] });
  });

  it('is not compliant, whatever it may grant, where it is assigned at a scope without effect', () => {
    const unread = unavailable<RoleDefinition>(gap('role-definitions'));
    const scope = `${accountKey}/fileservices/default/shares/profiles`;
    expect(judged(known([assignment({ roleId: custom, scope })]), unread).outcome).toBe('fail');
  });

  it('counts a definition that a partial list shows, to grant and not to grant', () => {
    const partial = (one: RoleDefinition) => collected([one], [gap('role-definitions')]);
    expect(judged(assigned, partial(definition({ dataActions: ['*'] }))).outcome).toBe('pass');
    expect(judged(assigned, partial(definition({ dataActions: [] }))).outcome).toBe('fail');
  });

  it('is not compliant where no role is assigned that unread definitions could explain', () => {
    const unread = unavailable<RoleDefinition>(gap('role-definitions'));
    expect(judged(known([]), unread).outcome).toBe('fail');
    expect(judged(known([assignment({ roleId: custom, scope: '/subscriptions/other' })]), unread).outcome).toBe('fail');
  });
});

describe('share-permission-assigned: what was not read, or cannot be decided', () => {
  it.each([
    ['unread', unavailable<RoleAssignment>(gap('role-assignments'))],
    ['partial', collected([assignment({ roleId: custom })], [gap('role-assignments')])],
    [
      'partial, one at a management group',
      collected([assignment({ scope: managementGroup('corp') })], [gap('role-assignments')]),
    ],
  ])('could not be evaluated: assignments are %s', (_says, assignments) => {
    expect(judged(assignments)).toMatchObject({
      outcome: 'unknown',
      severity: 'high',
      gaps: [gap('role-assignments')],
    });
  });

  it('counts an assignment that a partial list shows', () => {
    expect(judged(collected([assignment()], [gap('role-assignments')])).outcome).toBe('pass');
  });

  it('names as read only what was read', () => {
    const unread = unavailable<RoleDefinition>(gap('role-definitions'));
    expect(judged(known([assignment()])).evidence['readFrom']).toEqual([
      'storage-accounts',
      'role-assignments',
      'role-definitions',
    ]);
    expect(judged(known([assignment()]), unread).evidence['readFrom']).toEqual([
      'storage-accounts',
      'role-assignments',
    ]);
    expect(judged(unavailable(gap('role-assignments')), unread).evidence['readFrom']).toEqual(['storage-accounts']);
  });

  it('is not held up by a gap over another subscription, and is by one over its own', () => {
    const over = (scope: string) => ({ ...gap('role-assignments'), scope });
    const others = collected<RoleAssignment>([], [over(`/subscriptions/${guid(3)}`)]);
    expect(judged(others).outcome).toBe('fail');
    const own = over(subscription);
    expect(judged(collected<RoleAssignment>([], [own]))).toMatchObject({ outcome: 'unknown', gaps: [own] });
  });

  it('is undecidable when a share role is seen at another management group only', () => {
    const corp = assignment({ scope: managementGroup('corp') });
    expect(judged(known([corp]))).toMatchObject({
      outcome: 'unknown',
      severity: 'low',
      gaps: [],
      evidence: { assignments: [{ scope: corp.scope }] },
      deciders: ['assignment-1'],
    });
    expect(judged(known([corp, assignment({ id: 'assignment-2' })])).outcome).toBe('pass');
  });

  it('leaves an identity source that is not known to single-ad-source', () => {
    expect(judged(known([]), known([]), { directoryService: 'AADNEXT' }).outcome).toBe('not-applicable');
  });
});

describe('share-permission-assigned: an account of another tenant than the directory that was read', () => {
  const other = { tenantId: guid(9) };

  it('is judged like any other', () => {
    expect(judged(known([assignment()]), known([]), other).outcome).toBe('pass');
    expect(judged(known([]), known([]), other).outcome).toBe('fail');
  });

  it('has the root management group of its own tenant', () => {
    expect(judged(known([assignment({ scope: managementGroup(guid(9)) })]), known([]), other).outcome).toBe('pass');
    expect(judged(known([assignment({ scope: managementGroup(tenantId) })]), known([]), other).outcome).toBe('unknown');
  });

  it('does not lie below the root that was read for certain', () => {
    expect(judged(known([assignment({ scope: '/' })]), known([]), other).outcome).toBe('unknown');
  });

  it('takes the tenant that was read where the row does not say one', () => {
    const unsaid = { tenantId: null };
    expect(judged(known([assignment({ scope: '/' })]), known([]), unsaid).outcome).toBe('pass');
    expect(judged(known([assignment({ scope: managementGroup(tenantId) })]), known([]), unsaid).outcome).toBe('pass');
  });
});
