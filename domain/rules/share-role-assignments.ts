import type { RoleAssignment, RoleDefinition } from '../model/resources.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import { fitsPattern } from '../model/wildcard.ts';
import type { Resources } from './resources.ts';
import { reachesFiles } from './role-reach.ts';

/**
 * The built-in roles for shares, by GUID. The first three are in domain facts 1.6, the others in "Assign share-level
 * permissions for Azure file shares" since March 2026.
 */
export const shareRoles: ReadonlyMap<string, string> = new Map([
  ['aba4ae5f-2193-4029-9191-0cb91df5e314', 'Storage File Data SMB Share Reader'],
  ['0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb', 'Storage File Data SMB Share Contributor'],
  ['a7264617-510b-434b-a828-9731dc254ea7', 'Storage File Data SMB Share Elevated Contributor'],
  ['b8eda974-7b85-4f76-af95-65846b26df6d', 'Storage File Data Privileged Reader'],
  ['69566ab7-960f-475b-8e7c-b3118f30c6bd', 'Storage File Data Privileged Contributor'],
  ['bbf004e3-0e4b-4f86-ae4f-1f8fb47b357b', 'Storage File Data SMB Admin'],
]);

/** What any other role has to allow for its holder to mount a share. */
const readFiles = 'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read';

/** Role assignments as far as they let somebody mount a share of an account. */
export interface ShareRoleAssignments {
  /** At the account, one of its shares, or what lies above for certain. */
  readonly certain: readonly RoleAssignment[];
  /** At a management group that may or may not lie above. */
  readonly elsewhere: readonly RoleAssignment[];
  /** Roles that are assigned here or perhaps here, and whose definition was not seen; sorted. */
  readonly unseenRoles: readonly string[];
}

/** Finds them among what was read; what was not read hides others. `directoryTenantId` is lower case. */
export function shareRoleAssignments(
  account: StorageAccount,
  resources: Resources,
  directoryTenantId: string,
): ShareRoleAssignments {
  const reaching = resources
    .assignmentsAround(account)
    .map((assignment) => ({ assignment, reach: reachesFiles(assignment.scope, account, directoryTenantId) }))
    .filter(({ reach }) => reach !== 'no');
  // Many assignments, few roles: each role is read once.
  const roles = [...new Set(reaching.map(({ assignment }) => assignment.roleId))].sort();
  const granting = new Set(roles.filter((role) => grantsMount(role, resources.roleDefinition(role))));
  const found = reaching.filter(({ assignment }) => granting.has(assignment.roleId));
  return {
    certain: found.filter(({ reach }) => reach === 'yes').map(({ assignment }) => assignment),
    elsewhere: found.filter(({ reach }) => reach === 'perhaps').map(({ assignment }) => assignment),
    unseenRoles: roles.filter((role) => !shareRoles.has(role) && resources.roleDefinition(role) === null),
  };
}

function grantsMount(roleId: string, definition: RoleDefinition | null): boolean {
  return shareRoles.has(roleId) || (definition !== null && grantsDataAction(definition, readFiles));
}

/** What one of its permissions names and does not take back itself; `*` is a wildcard. */
function grantsDataAction({ permissions }: RoleDefinition, action: string): boolean {
  return permissions.some(
    ({ dataActions, notDataActions }) =>
      dataActions.some((pattern) => fitsPattern(pattern, action)) &&
      !notDataActions.some((pattern) => fitsPattern(pattern, action)),
  );
}
