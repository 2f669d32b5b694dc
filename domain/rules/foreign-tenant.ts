import type { CollectionName, Gap } from '../model/collection.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Directory } from './directory.ts';

/** Read from Azure Resource Manager for the account itself, whatever tenant it belongs to. */
const azureCollections: ReadonlySet<CollectionName> = new Set([
  'storage-accounts',
  'file-services',
  'file-shares',
  'private-endpoints',
  'role-assignments',
  'role-definitions',
]);

/**
 * The gaps of an account that belongs to another tenant than the directory that was read: its own tenant's directory
 * was not. Empty when the account's tenant is this one, or not said.
 */
export function foreignTenantGaps(
  account: StorageAccount,
  directory: Directory,
  needs: readonly CollectionName[],
): readonly Gap[] {
  if (account.tenantId === null || account.tenantId.toLowerCase() === directory.facts.tenantId.toLowerCase()) return [];
  return needs
    .filter((collection) => !azureCollections.has(collection))
    .map((collection) => ({ collection, scope: account.key, reason: 'not-visible', needs: null }));
}
