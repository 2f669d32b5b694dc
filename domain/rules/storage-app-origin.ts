import type { Application, ServicePrincipal } from '../model/directory.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import { managedTitle } from './storage-app-names.ts';

/** Who made the app: the storage provider, or a person in the manual preview; `undetermined` is judged as legacy. */
export type StorageAppOrigin = 'managed' | 'legacy' | 'undetermined';

/**
 * Tells by what each left: the provider titles its apps `[Storage Account] <host>`; the manual preview used the bare
 * account name, and no `api://` names (domain facts 2.1, 2.2).
 */
export function originOf(
  account: StorageAccount,
  application: Application | null,
  principal: ServicePrincipal | null,
): StorageAppOrigin {
  const titles = [application?.displayName, principal?.displayName]
    .filter((title) => title !== undefined)
    .map((title) => title.toLowerCase());
  if (account.host === null || titles.length === 0) return 'undetermined';
  const managed = managedTitle(account.host);
  if (titles.every((title) => title === managed)) return 'managed';
  const names = [...(application?.identifierUris ?? []), ...(principal?.servicePrincipalNames ?? [])];
  const hasApiName = names.some((name) => name.toLowerCase().startsWith('api://'));
  const bare = titles.every((title) => title === account.name.toLowerCase());
  return bare && !hasApiName ? 'legacy' : 'undetermined';
}
