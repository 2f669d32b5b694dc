import { type Coverage, type CollectionRead, wholeTenant } from '../model/coverage.ts';
import { readOf } from './collection-reads.ts';
import { withReadAt } from './coverage-ledger.ts';

const collection = 'file-services';

/**
 * The ledger's entries of file services, which shards read account by account, for each subscription once. A subscription
 * without a shard has no accounts; where its accounts could not be read, neither could their file services.
 * @param reads what each shard read of them.
 * @param ledger the run's entries of what planning read.
 * @param before the ledger of the run before.
 */
export function fileServiceCoverage(
  reads: readonly CollectionRead[],
  ledger: readonly Coverage[],
  before: readonly Coverage[],
  readAt: number,
): readonly Coverage[] {
  const ofShards = Map.groupBy(reads, ({ place }) => place);
  const accounts = new Map(
    ledger.filter((entry) => entry.collection === 'storage-accounts').map((entry) => [entry.place, entry]),
  );
  const earlier = before.filter((entry) => entry.collection === collection);
  const places = new Set([...ofShards.keys(), ...earlier.map(({ place }) => place)]);
  const entries = [...places].sort().flatMap((place): CollectionRead[] => {
    const seen = ofShards.get(place);
    const unread = accounts.get(place)?.gaps ?? [];
    if (place === wholeTenant || !accounts.has(place)) return [];
    if (seen === undefined && unread.length === 0) return [];
    const rows = (seen ?? []).reduce((sum, read) => sum + read.rows, 0);
    return [readOf(collection, place, rows, null, [...unread, ...(seen ?? []).flatMap(({ gaps }) => gaps)])];
  });
  return withReadAt(entries, earlier, readAt);
}
