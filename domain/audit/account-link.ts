import { type Collection, gapsOf } from '../model/collection.ts';
import { holdsSmbShares, type StorageAccount } from '../model/storage-account.ts';
import type { Directory } from '../rules/directory.ts';
import { findStorageApp } from '../rules/storage-app.ts';
import { type DeltaList, deltaLists } from './watched-lists.ts';

/** An app that claims to be an account's Kerberos service, by the ids under which the directory tells of changes. */
export interface LinkedApp {
  /** Lower case. */
  readonly appId: string;
  /** Object id, lower case; null where it was not seen. */
  readonly applicationId: string | null;
  /** Object id of the service principal, lower case; null where it was not seen. */
  readonly principalId: string | null;
}

/** Which objects of the directory an account's verdicts rest on: what turns a change there into an account to look at. */
export interface AccountLink {
  /** ARM id as it came. */
  readonly accountId: string;
  /** ARM id in lower case. */
  readonly accountKey: string;
  /** Lower case. */
  readonly host: string;
  /** By appId; empty where nothing claims the account. */
  readonly apps: readonly LinkedApp[];
  /** Tenant-wide grants of these apps, as they came: a grant that is removed gives its id and nothing else. */
  readonly grantIds: readonly string[];
  /** Lists that were not read whole for it: what they would have shown leads nowhere. */
  readonly unread: readonly DeltaList[];
  /** When the facts were read that it rests on, epoch milliseconds. */
  readonly readAt: number;
}

/**
 * The link of an account, whatever its identity source is now: an app that claims the host of one without Entra Kerberos
 * is drift too. What was not read whole adds to the stored link and takes nothing from it.
 * @returns null for an account that no app can belong to: no file endpoint, or a kind without SMB shares.
 */
export function linkOf(
  account: StorageAccount,
  directory: Directory,
  stored: AccountLink | null,
  readAt: number,
): AccountLink | null {
  if (account.host === null || holdsSmbShares(account.kind) === 'no') return null;
  const search = findStorageApp(account, directory);
  const found = (search.state === 'found' ? search.candidates : []).map(
    ({ appId, application, principal }): LinkedApp => ({
      appId,
      applicationId: application?.id ?? null,
      principalId: 'object' in principal ? principal.object.id : null,
    }),
  );
  const grants = found.flatMap(({ principalId }) => grantIdsOf(principalId, directory));
  const unread = deltaLists.filter((list) => gapsOf(listIn(directory, list)).length > 0);
  const kept = unread.length === 0 ? null : stored;
  return {
    accountId: account.id,
    accountKey: account.key,
    host: account.host,
    apps: union(found, kept?.apps ?? []),
    grantIds: [...new Set([...grants, ...(kept?.grantIds ?? [])])].sort(),
    unread,
    readAt,
  };
}

/** What was read of a list whose changes the directory tells. */
export function listIn({ facts }: Directory, list: DeltaList): Collection<unknown> {
  const { applications, servicePrincipals, oauth2PermissionGrants } = facts;
  return {
    applications,
    'service-principals': servicePrincipals,
    'oauth2-permission-grants': oauth2PermissionGrants,
  }[list];
}

/** Whether two links lead to the same account from the same objects, whenever they were read. */
export function sameLink(a: AccountLink, b: AccountLink): boolean {
  return JSON.stringify(contentOf(a)) === JSON.stringify(contentOf(b));
}

function contentOf({ accountKey, host, apps, grantIds, unread }: AccountLink): unknown {
  return [
    accountKey,
    host,
    apps.map(({ appId, applicationId, principalId }) => [appId, applicationId, principalId]),
    grantIds,
    unread,
  ];
}

/** Only consent for the whole tenant counts (design, consent-granted), and one user's come by the thousand. */
function grantIdsOf(principalId: string | null, directory: Directory): readonly string[] {
  if (principalId === null) return [];
  return directory
    .grantsByClient(principalId)
    .filter(({ consentType }) => consentType !== 'Principal')
    .map(({ id }) => id);
}

/** What is seen now, with the ids that it lacks from before, then what only was seen before. */
function union(found: readonly LinkedApp[], kept: readonly LinkedApp[]): readonly LinkedApp[] {
  const before = new Map(kept.map((app) => [app.appId, app]));
  const merged = found.map((app) => ({
    appId: app.appId,
    applicationId: app.applicationId ?? before.get(app.appId)?.applicationId ?? null,
    principalId: app.principalId ?? before.get(app.appId)?.principalId ?? null,
  }));
  const seen = new Set(found.map(({ appId }) => appId));
  return [...merged, ...kept.filter(({ appId }) => !seen.has(appId))].sort((a, b) => (a.appId < b.appId ? -1 : 1));
}
