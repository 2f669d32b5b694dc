import { itemsOf, type Collection } from '../model/collection.ts';
import type { Application, ServicePrincipal } from '../model/directory.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Directory } from './directory.ts';
import { storageAppHosts } from './storage-app-hosts.ts';
import { byCodeUnit } from './verdicts.ts';

/** A storage app none of whose hosts is of an account that was seen. */
export interface AppWithoutAccount {
  readonly appId: string;
  readonly displayName: string;
  /** Object ids, null where there is no such object, or none was seen. */
  readonly applicationId: string | null;
  readonly servicePrincipalId: string | null;
  /** As the app names them, lower case, sorted. */
  readonly hosts: readonly string[];
  /** The accounts that the hosts are of, lower case, sorted. */
  readonly accountNames: readonly string[];
}

/**
 * The names of accounts that storage apps stand for and that were not seen, lower case, sorted, once each: what to ask
 * ARM's `checkNameAvailability` for, since an account not seen may still be there, in a subscription nobody could read.
 */
export function orphanCandidates(directory: Directory, storageAccounts: Collection<StorageAccount>): readonly string[] {
  const names = appsWithoutAccount(directory, storageAccounts).flatMap((app) => app.accountNames);
  return [...new Set(names)].sort(byCodeUnit);
}

/** By appId. An application and its principal are one app, whichever of them was seen. */
export function appsWithoutAccount(
  directory: Directory,
  storageAccounts: Collection<StorageAccount>,
): readonly AppWithoutAccount[] {
  const { applications, servicePrincipals } = directory.facts;
  const accounts = itemsOf(storageAccounts);
  const seen = new Set(accounts.flatMap(({ name, host }) => [name.toLowerCase(), host]));
  const claims = new Map<string, Map<string, string>>();
  for (const object of [...itemsOf(servicePrincipals), ...itemsOf(applications)]) {
    const hosts = hostsOf(object);
    if (hosts.size === 0) continue;
    claims.set(object.appId, new Map([...(claims.get(object.appId) ?? []), ...hosts]));
  }
  return [...claims]
    .filter(([, hosts]) => ![...hosts].flat().some((name) => seen.has(name)))
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([appId, hosts]) => appOf(appId, hosts, directory));
}

function appOf(appId: string, hosts: ReadonlyMap<string, string>, directory: Directory): AppWithoutAccount {
  const principals = directory.principalsByAppId(appId).toSorted(byIdAndName);
  const applications = directory.applicationsByAppId(appId).toSorted(byIdAndName);
  return {
    appId,
    displayName: (principals[0] ?? applications[0])?.displayName ?? appId,
    applicationId: applications[0]?.id ?? null,
    servicePrincipalId: principals[0]?.id ?? null,
    hosts: [...hosts.keys()].sort(byCodeUnit),
    accountNames: [...new Set(hosts.values())].sort(byCodeUnit),
  };
}

function hostsOf(object: Application | ServicePrincipal): ReadonlyMap<string, string> {
  const names = 'identifierUris' in object ? object.identifierUris : object.servicePrincipalNames;
  return storageAppHosts(object.displayName, names);
}

/** A list may hold an object twice, with a name from before and after a change. */
function byIdAndName(a: Application | ServicePrincipal, b: Application | ServicePrincipal): number {
  return byCodeUnit(a.id, b.id) || byCodeUnit(a.displayName, b.displayName);
}
