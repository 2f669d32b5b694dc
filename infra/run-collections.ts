import type { CapturedEstate, Reach, RunCollections } from '../domain/audit/ports.ts';
import { noRequests } from '../domain/audit/run.ts';
import { type CollectionName, itemsOf, known } from '../domain/model/collection.ts';
import type { SharedFacts } from '../domain/model/facts.ts';
import { notRead } from '../domain/model/not-read.ts';
import type { StorageAccount } from '../domain/model/storage-account.ts';
import type { EstateSource, RequestCounts, WireObject } from './estate-source.ts';
import { readFileServices, readSharedFacts, readStorageAccounts } from './facts.ts';
import { onlyOf } from './only-of.ts';
import { readServicesOf } from './services-of-accounts.ts';
import { manifestFile } from './snapshot/manifest.ts';
import { formatNdjson, parseNdjson } from './snapshot/ndjson.ts';
import { openSnapshot } from './snapshot/open-snapshot.ts';
import type { SnapshotFiles } from './snapshot/snapshot-files.ts';
import { writeSnapshot } from './snapshot/write-snapshot.ts';
import { parseStorageAccount } from './wire/storage-account.ts';

/** What a run reads for the whole tenant and its shards share, where a rule wants it. */
const sharedCollections: readonly CollectionName[] = [
  'applications',
  'service-principals',
  'oauth2-permission-grants',
  'conditional-access-policies',
  'security-defaults',
  'default-app-management-policy',
  'private-endpoints',
  'role-assignments',
  'role-definitions',
];

const accountsFile = 'storage-accounts.ndjson';

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

/** Collections of runs as files in snapshot format. The shared facts of the last run are kept in memory: shards come in bursts. */
export function createRunCollections({ estate, files, now }: RunCollectionsOptions): RunCollections {
  const accountsOfRun = new Map<string, ReadonlyMap<string, WireObject>>();
  let last: { readonly runId: string; readonly facts: Promise<SharedFacts> } | null = null;

  return {
    async capture(runId, wanted): Promise<CapturedEstate> {
      const source = estate();
      const capturedAt = now();
      const shared = sharedCollections.filter((name) => wanted.has(name));
      const [raw, storageAccounts, facts] = await Promise.all([
        source.read('storage-accounts'),
        readStorageAccounts(source),
        readSharedFacts(onlyOf(source, new Set(shared))),
      ]);
      await writeSnapshot(files(runId), source, ['storage-accounts', ...shared], capturedAt);
      accountsOfRun.set(runId, byId(itemsOf(raw)));
      return { ...facts, storageAccounts, reach: await reachOf(source), requests: { ...source.requests } };
    },

    async keepShard(runId, shard, accountKeys) {
      const accounts = accountsOfRun.get(runId);
      if (accounts === undefined)
        throw new RunFileMissing(`Run ${runId} was not captured by this process; plan it again`);
      const wanted = accountKeys.map((key) => accounts.get(key)).filter((account) => account !== undefined);
      const place = files(shardPlace(runId, shard));
      // Planned again it may hold other accounts: what was read for those of before does not count.
      await place.remove(manifestFile);
      await place.write(accountsFile, formatNdjson(wanted));
    },

    release(runId) {
      accountsOfRun.delete(runId);
    },

    async shared(runId) {
      if (last?.runId !== runId) {
        const facts = openSnapshot(files(runId)).then(readSharedFacts);
        last = { runId, facts };
        // A failed reading is not kept: the shard comes again.
        facts.catch(() => {
          if (last?.facts === facts) last = null;
        });
      }
      return last.facts;
    },

    storageAccounts: async (runId) => readStorageAccounts(await openSnapshot(files(runId))),

    async shardFacts(runId, shard, wanted) {
      const place = files(shardPlace(runId, shard));
      const accounts = await accountsOf(place);
      const storageAccounts = known(accounts);
      if (!wanted.has('file-services')) {
        return { storageAccounts, fileServices: notRead('file-services'), requests: noRequests };
      }
      const requests = (await isKept(place)) ? noRequests : await keepServices(place, accounts);
      return { storageAccounts, fileServices: await readFileServices(await openSnapshot(place)), requests };
    },
  };

  /** Reads the file services of a shard's accounts and keeps them beside it, with their gaps. @returns what it cost. */
  async function keepServices(place: SnapshotFiles, accounts: readonly StorageAccount[]): Promise<RequestCounts> {
    const source = estate();
    const capturedAt = now();
    const services = await readServicesOf(accounts, source);
    const kept = { ...source, read: () => Promise.resolve(services) };
    await writeSnapshot(place, kept, ['file-services'], capturedAt);
    return { ...source.requests };
  }
}

async function reachOf(source: EstateSource): Promise<Reach> {
  return {
    scope: source.scope ?? { subscriptions: [], managementGroups: [] },
    seen: await source.readableSubscriptions(),
    pages: new Map(source.pages),
  };
}

async function accountsOf(place: SnapshotFiles): Promise<readonly StorageAccount[]> {
  const lines = await place.readText(accountsFile);
  if (lines === null) throw new RunFileMissing(`${place.where} has no ${accountsFile}: the run's files were removed`);
  const accounts: StorageAccount[] = [];
  for await (const object of parseNdjson(accountsFile, lines)) accounts.push(parseStorageAccount(object));
  return accounts;
}

/** The manifest is written last, so that it stands for all that was read. */
async function isKept(place: SnapshotFiles): Promise<boolean> {
  return (await place.list())?.includes(manifestFile) ?? false;
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
