import type { WireObject } from '../../estate-source.ts';
import { isWireObject } from '../wire-object.ts';

/** Storage File Data SMB Share Reader, Contributor and Elevated Contributor (domain facts 1.6). */
const builtInShareRoles = [
  'aba4ae5f-2193-4029-9191-0cb91df5e314',
  '0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb',
  'a7264617-510b-434b-a828-9731dc254ea7',
] as const;

const shareActions = 'microsoft.storage/storageaccounts/fileservices/';

/**
 * GUIDs, lower case and sorted, of the roles that may give rights on file shares: the three built-in ones, and every
 * definition given with a data action on file services. What a wildcard may reach counts, what is denied elsewhere too.
 */
export function shareRoleIds(definitions: readonly WireObject[]): readonly string[] {
  const found = definitions.flatMap((definition) => {
    const guid = guidOf(definition);
    return guid !== null && dataActionsOf(definition).some(reachesShares) ? [guid] : [];
  });
  return [...new Set<string>([...builtInShareRoles, ...found])].sort();
}

function guidOf({ id }: WireObject): string | null {
  const [, guid] = /\/roleDefinitions\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/iu.exec(String(id)) ?? [];
  return guid?.toLowerCase() ?? null;
}

function dataActionsOf({ properties }: WireObject): readonly unknown[] {
  const permissions = isWireObject(properties) ? listOf(properties['permissions']) : [];
  return permissions.flatMap((permission) => (isWireObject(permission) ? listOf(permission['dataActions']) : []));
}

/** Whether some action on file services fits: up to its first wildcard, either text must begin with the other. */
function reachesShares(action: unknown): boolean {
  if (typeof action !== 'string') return true;
  const [start = ''] = action.toLowerCase().split('*');
  return start.startsWith(shareActions) || (action.includes('*') && shareActions.startsWith(start));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
