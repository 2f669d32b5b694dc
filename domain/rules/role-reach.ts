import type { StorageAccount } from '../model/storage-account.ts';

/**
 * Whether a role assigned at `scope` (lower case) holds for files of the account. *perhaps*: at a management group that may
 * or may not lie above it.
 *
 * A share is named `…/fileservices/default/fileshares/NAME` here. An assignment at `…/shares/NAME`, the share's own ARM id, is
 * accepted by ARM and has no effect (domain facts 1.6; azure-rest-api-specs issue 24568).
 */
export function reachesFiles(
  scope: string,
  account: StorageAccount,
  directoryTenantId: string,
): 'yes' | 'perhaps' | 'no' {
  const ownTenant = account.tenantId ?? directoryTenantId;
  // `/` is the top of the tenant that was read; an account of another tenant does not lie below it for certain.
  if (scope === '/') return ownTenant === directoryTenantId ? 'yes' : 'perhaps';
  if (scope.startsWith(managementGroups)) {
    // The root management group has the tenant's id for a name, and lies above every subscription.
    return scope === `${managementGroups}${ownTenant}` ? 'yes' : 'perhaps';
  }
  const files = `${account.key}/fileservices/default`;
  const below = scope.startsWith(`${files}/fileshares/`);
  return below || `${files}/`.startsWith(`${scope}/`) ? 'yes' : 'no';
}

const managementGroups = '/providers/microsoft.management/managementgroups/';
