import { type Collection, gapsOf } from '../model/collection.ts';
import type { Directory } from '../rules/directory.ts';
import { storageAppHosts } from '../rules/storage-app-hosts.ts';

/** The manual preview named an app like its account (domain facts 2.2), and account names are in lower case. */
const accountName = /^[a-z0-9]{3,24}$/u;

interface Claims {
  readonly displayName: string;
  readonly names: readonly string[];
}

/**
 * Whether the app may be the storage app of an account whose app was not seen. It is not where neither its application nor
 * its principal claims a file host or bears the name of the account: both have to be there, or be missing from a list that
 * was read whole.
 *
 * @param account null: any account
 */
export function mayBeStorageApp(appId: string, account: string | null, directory: Directory): boolean {
  const key = appId.toLowerCase();
  const { facts } = directory;
  const applications = directory
    .applicationsByAppId(key)
    .map(({ displayName, identifierUris }) => ({ displayName, names: identifierUris }));
  const principals = directory
    .principalsByAppId(key)
    .map(({ displayName, servicePrincipalNames }) => ({ displayName, names: servicePrincipalNames }));
  const isUnread = isMissed(applications, facts.applications) || isMissed(principals, facts.servicePrincipals);
  return isUnread || [...applications, ...principals].some((claims) => claimsAccount(claims, account));
}

function isMissed(found: readonly Claims[], list: Collection<unknown>): boolean {
  return found.length === 0 && gapsOf(list).length > 0;
}

function claimsAccount({ displayName, names }: Claims, account: string | null): boolean {
  if (storageAppHosts(displayName, names).size > 0) return true;
  return account === null ? accountName.test(displayName) : displayName.toLowerCase() === account.toLowerCase();
}
