import type { RoleAssignment } from '../model/resources.ts';
import { gapsOf } from '../model/collection.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Directory } from '../rules/directory.ts';
import { identitySource } from '../rules/identity-source.ts';
import type { Resources } from '../rules/resources.ts';
import { shareRoleAssignments, shareRoles } from '../rules/share-role-assignments.ts';
import { shareRolesProperty } from './fact-names.ts';
import { listFact, type SeenFacts } from './fact-values.ts';

/** So many assignments are told one by one; more by how many there are of each role at each scope. */
const mostNamed = 50;

/**
 * The roles on shares that reach an Entra Kerberos account, as `share-permission-assigned` decides by them: role, who has it
 * (by object id), where, and whether under a condition.
 */
export function roleFacts(account: StorageAccount, directory: Directory, resources: Resources): SeenFacts {
  const unread: SeenFacts = { values: {}, unread: [shareRolesProperty] };
  if (identitySource(account.directoryService) !== 'AADKERB') return unread;
  const { certain, elsewhere, unseenRoles } = shareRoleAssignments(account, resources, directory.facts.tenantId);
  const hidden = unseenRoles.length > 0 && gapsOf(resources.facts.roleDefinitions).length > 0;
  if (hidden || resources.assignmentGapsAround(account).length > 0) return unread;
  const told = listFact([...certain, ...elsewhere].map((assignment) => assignmentText(assignment, account)));
  return {
    values: { [shareRolesProperty]: told.length > mostNamed ? counted(certain, elsewhere, account) : told },
    unread: [],
  };
}

function assignmentText(assignment: RoleAssignment, account: StorageAccount): string {
  const { principalId, conditional } = assignment;
  const condition = conditional ? ' under a condition' : '';
  return `${roleText(assignment)} to ${principalId} at ${scopeText(assignment.scope, account)}${condition}`;
}

function counted(
  certain: readonly RoleAssignment[],
  elsewhere: readonly RoleAssignment[],
  account: StorageAccount,
): readonly string[] {
  const counts = new Map<string, number>();
  for (const assignment of [...certain, ...elsewhere]) {
    const what = `${roleText(assignment)} at ${scopeText(assignment.scope, account)}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return listFact([...counts].map(([what, count]) => `${what}: ${String(count)} assignments`));
}

function roleText({ roleId }: RoleAssignment): string {
  return shareRoles.get(roleId) ?? roleId;
}

/** The account's own scope, and what lies below it, by a word: an id in every entry would hide the rest. */
function scopeText(scope: string, { key }: StorageAccount): string {
  return scope === key || scope.startsWith(`${key}/`) ? `account${scope.slice(key.length)}` : scope;
}
