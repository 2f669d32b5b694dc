import {
  type Collection,
  type Gap,
  type CollectionName,
  collected,
  unavailable,
} from '../../domain/model/collection.ts';
import type { AccountReading, EstateSource, WireObject } from '../estate-source.ts';
import { checkFileNames, collectionFile } from './collection-file.ts';
import { type SnapshotManifest, manifestFile, parseManifest } from './manifest.ts';
import { parseNdjson } from './ndjson.ts';
import type { SnapshotFiles } from './snapshot-files.ts';
import { SnapshotMalformed } from './snapshot-malformed.ts';
import { SnapshotNotFound } from './snapshot-not-found.ts';

/**
 * The estate that a snapshot holds. A file that is missing was not read; an empty one was, and nothing was there. Files are
 * read anew each time they are asked for, so nothing is kept in memory.
 *
 * Throws `SnapshotNotFound`, and `SnapshotMalformed` for the manifest and for file names; reading a collection throws
 * `SnapshotMalformed` for that file.
 */
export async function openSnapshot(files: SnapshotFiles): Promise<EstateSource> {
  const names = await files.list();
  if (names === null) throw new SnapshotNotFound(files.where, 'there is no such place; check the path');
  const manifest = await readManifest(files);
  checkFileNames(names);
  return {
    kind: 'snapshot',
    tenantId: manifest.tenantId,
    cloud: manifest.cloud,
    capturedAt: manifest.capturedAt,
    requests: { resourceGraph: 0, graph: 0, arm: 0, throttled: 0 },
    readableSubscriptions: () => Promise.resolve(null),
    read: (collection) => readCollection(files, manifest, collection),
    readAccount: (accountId) => readAccount(files, manifest, accountId),
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
  if (lines === null) return unavailable(...(gaps.length === 0 ? [notRead(collection)] : gaps));
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
  const file = collectionFile('storage-accounts');
  const lines = await files.readText(file);
  const gaps = manifest.gaps.filter(({ collection }) => collection === 'storage-accounts');
  if (lines === null) return { state: 'unreadable', gap: gaps[0] ?? notRead('storage-accounts') };
  for await (const account of parseNdjson(file, lines)) {
    const { id } = account;
    if (typeof id === 'string' && id.toLowerCase() === key) return { state: 'found', account };
  }
  const gap = gaps.find(({ scope }) => !scope.startsWith('/') || `${key}/`.startsWith(`${scope}/`));
  return gap === undefined ? { state: 'absent' } : { state: 'unreadable', gap };
}

function notRead(collection: CollectionName): Gap {
  return { collection, scope: 'tenant', reason: 'not-read', needs: null };
}
