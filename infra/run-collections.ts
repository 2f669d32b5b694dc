import type { CapturedEstate, RunCollections } from '../domain/audit/ports.ts';
import { type CollectionName, gapsOf, itemsOf } from '../domain/model/collection.ts';
import { type DirectoryFacts, directoryGaps } from '../domain/model/facts.ts';
import type { StorageAccount } from '../domain/model/storage-account.ts';
import type { EstateSource, WireObject } from './estate-source.ts';
import { readDirectoryFacts, readStorageAccounts } from './facts.ts';
import { formatNdjson, parseNdjson } from './snapshot/ndjson.ts';
import { openSnapshot } from './snapshot/open-snapshot.ts';
import type { SnapshotFiles } from './snapshot/snapshot-files.ts';
import { writeSnapshot } from './snapshot/write-snapshot.ts';
import { parseStorageAccount } from './wire/storage-account.ts';

/** What a run reads for the whole tenant and its shards share. */
const tenantCollections: readonly CollectionName[] = [
  'applications',
  'service-principals',
  'oauth2-permission-grants',
  'conditional-access-policies',
];

const shardFile = 'storage-accounts.ndjson';

/** A shard knows that its run was captured, so a file that is not there is a fault and not an empty list. */
export class RunFileMissing extends Error {
  override readonly name = 'RunFileMissing';
}

export interface RunCollectionsOptions {
  /** A source that has read nothing yet. */
  readonly estate: () => EstateSource;
  /** Where the files of a run, or of one of its shards (`<run>/<shard>`), are kept. */
  readonly files: (place: string) => SnapshotFiles;
  /** Epoch milliseconds, UTC. */
  readonly now: () => number;
}

/** Collections of runs as files in snapshot format. The directory of the last run is kept in memory: shards come in bursts. */
export function createRunCollections({ estate, files, now }: RunCollectionsOptions): RunCollections {
  const accountsOfRun = new Map<string, ReadonlyMap<string, WireObject>>();
  let last: { readonly runId: string; readonly facts: Promise<DirectoryFacts> } | null = null;

  return {
    async capture(runId): Promise<CapturedEstate> {
      const source = estate();
      const capturedAt = now();
      const [raw, storageAccounts, directory] = await Promise.all([
        source.read('storage-accounts'),
        readStorageAccounts(source),
        readDirectoryFacts(source),
      ]);
      await writeSnapshot(files(runId), source, tenantCollections, capturedAt);
      accountsOfRun.set(runId, byId(itemsOf(raw)));
      const gaps = [...gapsOf(storageAccounts), ...directoryGaps(directory)];
      return { storageAccounts, directory, gaps, requests: { ...source.requests } };
    },

    async keepShard(runId, shard, accountKeys) {
      const accounts = accountsOfRun.get(runId);
      if (accounts === undefined)
        throw new RunFileMissing(`Run ${runId} was not captured by this process; plan it again`);
      const wanted = accountKeys.map((key) => accounts.get(key)).filter((account) => account !== undefined);
      await files(shardPlace(runId, shard)).write(shardFile, formatNdjson(wanted));
    },

    release(runId) {
      accountsOfRun.delete(runId);
    },

    async directory(runId) {
      if (last?.runId !== runId) {
        const facts = openSnapshot(files(runId)).then(readDirectoryFacts);
        last = { runId, facts };
        // A failed reading is not kept: the shard comes again.
        facts.catch(() => {
          if (last?.facts === facts) last = null;
        });
      }
      return last.facts;
    },

    async shardAccounts(runId, shard): Promise<readonly StorageAccount[]> {
      const place = files(shardPlace(runId, shard));
      const lines = await place.readText(shardFile);
      if (lines === null) throw new RunFileMissing(`${place.where} has no ${shardFile}: the run's files were removed`);
      const accounts: StorageAccount[] = [];
      for await (const object of parseNdjson(shardFile, lines)) accounts.push(parseStorageAccount(object));
      return accounts;
    },
  };
}

function shardPlace(runId: string, shard: number): string {
  return `${runId}/shard-${String(shard).padStart(4, '0')}`;
}

function byId(objects: readonly WireObject[]): Map<string, WireObject> {
  return new Map(
    objects.flatMap((object) => {
      const id = object['id'];
      return typeof id === 'string' ? [[id.toLowerCase(), object] as const] : [];
    }),
  );
}
