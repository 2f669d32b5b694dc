import { type CollectionName, type Gap, gapsOf } from '../../domain/model/collection.ts';
import type { EstateSource } from '../estate-source.ts';
import { collectionFile } from './collection-file.ts';
import { type SnapshotManifest, formatManifest, manifestFile } from './manifest.ts';
import { formatNdjson } from './ndjson.ts';
import type { SnapshotFiles } from './snapshot-files.ts';

/**
 * Writes what `source` gives of `collections`, each object as it came, and returns the manifest. A collection that cannot be
 * read gets no file, and one left by an earlier snapshot is removed. The manifest goes first and is written last, so that a
 * snapshot cut short is no snapshot. `capturedAt` is epoch milliseconds, UTC.
 */
export async function writeSnapshot(
  files: SnapshotFiles,
  source: EstateSource,
  collections: readonly CollectionName[],
  capturedAt: number,
): Promise<SnapshotManifest> {
  await files.remove(manifestFile);
  const gaps: Gap[] = [];
  const rows: Record<string, number> = {};
  for (const name of collections) {
    const collection = await source.read(name);
    gaps.push(...gapsOf(collection));
    if (collection.state === 'unavailable') await files.remove(collectionFile(name));
    else {
      await files.write(collectionFile(name), formatNdjson(collection.items));
      rows[name] = collection.items.length;
    }
  }
  const manifest = { tenantId: source.tenantId, cloud: source.cloud, capturedAt, gaps, rows };
  await files.write(manifestFile, formatManifest(manifest));
  return manifest;
}
