import { storageAppNames } from '../rules/storage-app-names.ts';
import type { AccountLink } from './account-link.ts';
import type { DirectoryChange } from './watch-ports.ts';
import type { DeltaList } from './watched-lists.ts';

/** Changes as accounts are looked for in them: by what an account rests on, and by what claims its host. */
export interface ChangedObjects {
  /** Object ids of applications and principals, and the clients of grants; lower case. */
  readonly objectIds: ReadonlySet<string>;
  /** Lower case. */
  readonly appIds: ReadonlySet<string>;
  /** As they came. */
  readonly grantIds: ReadonlySet<string>;
  /** Names and titles that applications and principals bear now, lower case. */
  readonly names: ReadonlySet<string>;
}

/**
 * Gathers what changed. Consent of a single user decides nothing (design, consent-granted) and is most of what happens
 * in a directory, so it is left out where the change says that it is that.
 */
export function changedObjects(
  changes: readonly { readonly list: DeltaList; readonly change: DirectoryChange }[],
): ChangedObjects {
  const objectIds = new Set<string>();
  const appIds = new Set<string>();
  const grantIds = new Set<string>();
  const names = new Set<string>();
  for (const { list, change } of changes) {
    if (list === 'oauth2-permission-grants') {
      if (change.consentType === 'Principal') continue;
      grantIds.add(change.id);
      if (change.clientId !== null) objectIds.add(change.clientId);
    } else {
      objectIds.add(change.id.toLowerCase());
      if (change.appId !== null) appIds.add(change.appId);
      for (const name of change.names) names.add(name);
    }
  }
  return { objectIds, appIds, grantIds, names };
}

export function isNothing({ objectIds, appIds, grantIds, names }: ChangedObjects): boolean {
  return objectIds.size + appIds.size + grantIds.size + names.size === 0;
}

/** Whether one of the account's objects changed, or an object bears a name now by which its app would be found. */
export function touchedByObjects(link: AccountLink, changed: ChangedObjects, tenantId: string): boolean {
  const { objectIds, appIds, grantIds } = changed;
  const rests = link.apps.some(
    ({ appId, applicationId, principalId }) =>
      appIds.has(appId) ||
      (applicationId !== null && objectIds.has(applicationId)) ||
      (principalId !== null && objectIds.has(principalId)),
  );
  return rests || link.grantIds.some((id) => grantIds.has(id)) || isClaimed(link, changed, tenantId);
}

function isClaimed({ accountKey, host }: AccountLink, { names }: ChangedObjects, tenantId: string): boolean {
  if (names.size === 0) return false;
  const { spns, titles } = storageAppNames(accountKey.slice(accountKey.lastIndexOf('/') + 1), host, tenantId);
  return spns.some((name) => names.has(name)) || titles.some((title) => names.has(title));
}
