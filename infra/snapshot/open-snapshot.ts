import {
  type Collection,
  type CollectionName,
  collected,
  gapsOf,
  itemsOf,
  mayHide,
  unavailable,
} from '../../domain/model/collection.ts';
import { notReadGap } from '../../domain/model/not-read.ts';
import { isAccountId, parseAccountId } from '../azure/arm/account-id.ts';
import type { AccountReading, EstateSource, WireObject } from '../estate-source.ts';
import { malformedGap } from '../wire/parse-collection.ts';
import { checkFileNames, collectionFile } from './collection-file.ts';
import { type SnapshotManifest, manifestFile, parseManifest } from './manifest.ts';
import { parseNdjson } from './ndjson.ts';
import type { SnapshotFiles } from './snapshot-files.ts';
import { SnapshotMalformed } from './snapshot-malformed.ts';
import { SnapshotNotFound } from './snapshot-not-found.ts';

/**
 * The estate that a snapshot holds. A file that is missing was not read; an empty one was, and nothing was there. Files are
 * read anew each time they are asked for, so nothing but the accounts' names is kept in memory.
 *
 * Throws `SnapshotNotFound`, and `SnapshotMalformed` for the manifest and for file names; reading a collection throws
 * `SnapshotMalformed` for that file.
 */
export async function openSnapshot(files: SnapshotFiles): Promise<EstateSource> {
  const names = await files.list();
  if (names === null) throw new SnapshotNotFound(files.where, 'there is no such place; check the path');
  const manifest = await readManifest(files);
  checkFileNames(names);
  let accountNames: Promise<ReturnType<typeof namesOf>> | undefined;
  return {
    kind: 'snapshot',
    tenantId: manifest.tenantId,
    cloud: manifest.cloud,
    capturedAt: manifest.capturedAt,
    requests: { resourceGraph: 0, graph: 0, arm: 0, throttled: 0 },
    readableSubscriptions: () => Promise.resolve(null),
    read: (collection) => readCollection(files, manifest, collection),
    readAccount: (accountId) => readAccount(files, manifest, accountId),
    readFileServices: async (accountIds) =>
      servicesOf(await readCollection(files, manifest, 'file-services'), accountIds),
    async nameAvailability(name) {
      accountNames ??= readCollection(files, manifest, 'storage-accounts').then(namesOf);
      const { taken, whole } = await accountNames;
      if (taken.has(name.toLowerCase())) return 'taken';
      return whole ? 'free' : null;
    },
  };
}

async function readManifest(files: SnapshotFiles): Promise<SnapshotManifest> {
  const lines = await files.readText(manifestFile);
  if (lines === null) {
    const problem = `it has no ${manifestFile}, which is written last; take the snapshot again, or check the path`;
    throw new SnapshotNotFound(files.where, problem);
  }
  return parseManifest((await Array.fromAsync(lines)).join('\n'));
}

async function readCollection(
  files: SnapshotFiles,
  manifest: SnapshotManifest,
  collection: CollectionName,
): Promise<Collection<WireObject>> {
  const gaps = manifest.gaps.filter((gap) => gap.collection === collection);
  const file = collectionFile(collection);
  const lines = await files.readText(file);
  if (lines === null) return unavailable(...(gaps.length === 0 ? [notReadGap(collection)] : gaps));
  const objects = await Array.fromAsync(parseNdjson(file, lines));
  const written = manifest.rows?.[collection] ?? 0;
  // A file that lost its end at a line break, or all of it, would look like a tenant with less in it.
  if (objects.length < written) {
    const problem = `holds ${objects.length} objects where ${written} were written; it was cut off, so take the snapshot again`;
    throw new SnapshotMalformed(file, problem);
  }
  return collected(objects, gaps);
}

/** Absence is what the whole list shows: with a gap over the account, it may be there all the same. */
async function readAccount(
  files: SnapshotFiles,
  manifest: SnapshotManifest,
  accountId: string,
): Promise<AccountReading> {
  const key = accountId.toLowerCase();
  const collection = 'storage-accounts';
  const file = collectionFile(collection);
  const lines = await files.readText(file);
  const gaps = manifest.gaps.filter((gap) => gap.collection === collection);
  if (lines === null) return { state: 'unreadable', gap: gaps[0] ?? notReadGap(collection) };
  let isWhole = true;
  for await (const account of parseNdjson(file, lines)) {
    const { id } = account;
    if (!isAccountId(id)) isWhole = false;
    else if (id.toLowerCase() === key) return { state: 'found', account };
  }
  // A row that does not say whose it is may be this account's.
  const gap =
    gaps.find(({ scope }) => mayHide(scope, key)) ?? (isWhole ? undefined : malformedGap(collection, 'tenant'));
  return gap === undefined ? { state: 'absent' } : { state: 'unreadable', gap };
}

/** The file services of these accounts, with the gaps that hide some of them. */
function servicesOf(services: Collection<WireObject>, accountIds: readonly string[]): Collection<WireObject> {
  if (services.state === 'unavailable') return services;
  const wanted = new Set(accountIds.map((id) => `${id.toLowerCase()}/fileservices/default`));
  const gaps = gapsOf(services).filter(({ scope }) => [...wanted].some((key) => mayHide(scope, key)));
  return collected(
    services.items.filter(({ id }) => typeof id === 'string' && wanted.has(id.toLowerCase())),
    gaps,
  );
}

/**
 * The names that accounts go by, in lower case. `whole` where no account is missing and each has an id that names it, so that
 * every other name is free as far as anybody can tell who read every account.
 */
function namesOf(accounts: Collection<WireObject>): { readonly taken: ReadonlySet<string>; readonly whole: boolean } {
  const rows = itemsOf(accounts);
  const ids = rows.map(({ id }) => id).filter(isAccountId);
  const names = [...ids.map((id) => parseAccountId(id).name), ...rows.map(({ name }) => name)];
  return {
    taken: new Set(names.filter((name) => typeof name === 'string').map((name) => name.toLowerCase())),
    whole: accounts.state === 'known' && ids.length === rows.length,
  };
}
