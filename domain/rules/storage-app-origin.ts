import type { Application, ServicePrincipal } from '../model/directory.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import { managedTitle } from './storage-app-names.ts';

/** Who made the app: the storage provider, or a person in the manual preview; `undetermined` is judged as legacy. */
export type StorageAppOrigin = 'managed' | 'legacy' | 'undetermined';

/**
 * Tells by what each left: the provider titles its apps `[Storage Account] <host>`; the manual preview used the bare
 * account name, and no `api://` names (domain facts 2.1, 2.2). The principal decides, since it carries the application's
 * title and names; the application only where there is no principal.
 */
export function originOf(
  account: StorageAccount,
  application: Application | null,
  principal: ServicePrincipal | null,
): StorageAppOrigin {
  const object = principal ?? application;
  if (account.host === null || object === null) return 'undetermined';
  const title = object.displayName.toLowerCase();
  if (title === managedTitle(account.host)) return 'managed';
  const names = 'identifierUris' in object ? object.identifierUris : object.servicePrincipalNames;
  const hasApiName = names.some((name) => name.toLowerCase().startsWith('api://'));
  return title === account.name.toLowerCase() && !hasApiName ? 'legacy' : 'undetermined';
}
