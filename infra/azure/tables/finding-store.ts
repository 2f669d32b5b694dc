import { odata } from '@azure/data-tables';
import {
  FindingConflict,
  type FindingPage,
  type FindingStore,
  type StoredFinding,
} from '../../../domain/audit/ports.ts';
import { noSubscription, placeOf } from '../../../domain/findings/place.ts';
import type { Row } from './entity.ts';
import { rowsOf, transactionsOf } from './finding-rows.ts';
import { placeHash, keyPart } from './keys.ts';
import { markPartition } from './outbox-marker.ts';
import { findingOf } from './stored-finding.ts';
import type { RowRange, Table } from './table.ts';

/** Up to this many accounts are asked for one by one; more are read as the range that holds them all. */
const singleReads = 4;

const findingRows = { from: 'f~', before: 'f~~' } as const;

/** Table `findings`: partition = subscription id, or `-` for the tenant; rows as `rowsOf` says. */
export function createFindingStore(table: Table): FindingStore {
  async function readRange(range: RowRange): Promise<StoredFinding[]> {
    const found: StoredFinding[] = [];
    for await (const row of table.rows(range)) found.push({ finding: findingOf(row), version: row.version });
    return found;
  }

  return {
    async read(subscriptionId, accountKeys) {
      const partitionKey = keyPart(subscriptionId);
      const wanted = new Set(accountKeys);
      const found = await Promise.all(
        spansOf(wanted).map(({ first, last }) =>
          readRange({ partitionKey, from: `f~${first}~`, before: `f~${last}~~` }),
        ),
      );
      return found.flat().filter(({ finding }) => wanted.has(placeOf(finding).key));
    },
    readAll: async (partition) => readRange({ ...findingRows, partitionKey: keyPart(partition) }),
    async commit(partition, commits) {
      const groups = commits.map((commit) => rowsOf(partition, commit));
      let written = 0;
      if (commits.some(({ transition }) => transition !== null)) await markPartition(table, partition);
      for (const actions of transactionsOf(groups)) {
        if (!(await table.transact(actions))) {
          throw new FindingConflict(
            `Findings of partition ${partition} were written by somebody else meanwhile; read them again`,
            groupsIn(written, groups),
          );
        }
        written += actions.length;
      }
    },
    async *ofAccounts() {
      const where = odata`PartitionKey ne ${noSubscription}`;
      for await (const row of table.rows({ ...findingRows, where })) yield findingOf(row);
    },
    async *list(...states) {
      const where = states.map((state) => odata`state eq ${state}`).join(' or ');
      const range = { ...findingRows, ...(where === '' ? {} : { where: `(${where})` }) };
      for await (const row of table.rows(range)) yield findingOf(row);
    },
    async page(after, most) {
      const found: Row[] = [];
      for (const range of rangesAfter(after)) {
        // One more than is wanted tells whether more is there.
        for await (const rows of table.pages(range, Math.min(most + 1, 1000))) {
          found.push(...rows);
          if (found.length > most) return { findings: found.slice(0, most).map(placed), isLast: false };
        }
      }
      return { findings: found.map(placed), isLast: true };
    },
    async find(findingId) {
      const exact = await readRange({ ...findingRows, where: odata`findingId eq ${findingId}` });
      if (exact.length > 0) return exact;
      // The service compares by case; people need not.
      const wanted = findingId.toLowerCase();
      return (await readRange(findingRows)).filter(({ finding }) => finding.id.toLowerCase() === wanted);
    },
  };
}

/** What comes after a position: the rest of its partition, then the partitions after it. No key holds a `/`. */
function rangesAfter(position: string | null): readonly RowRange[] {
  const [partitionKey = '', rowKey = ''] = position?.split('/') ?? [];
  if (position === null) return [findingRows];
  return [
    { ...findingRows, partitionKey, where: odata`RowKey gt ${rowKey}` },
    { ...findingRows, where: odata`PartitionKey gt ${partitionKey}` },
  ];
}

function placed(row: Row): FindingPage['findings'][number] {
  return { finding: findingOf(row), version: row.version, position: `${row.partitionKey}/${row.rowKey}` };
}

/** How many groups, from the first on, so many rows make. */
function groupsIn(rows: number, groups: readonly (readonly unknown[])[]): number {
  let counted = 0;
  const after = groups.findIndex(({ length }) => (counted += length) > rows);
  return after < 0 ? groups.length : after;
}

/** A planner cuts shards in the order of these hashes, so that the range of a shard holds little else. */
function spansOf(accountKeys: ReadonlySet<string>): { readonly first: string; readonly last: string }[] {
  const hashes = [...accountKeys].map(placeHash).sort();
  if (hashes.length <= singleReads) return hashes.map((hash) => ({ first: hash, last: hash }));
  return [{ first: hashes[0] ?? '', last: hashes.at(-1) ?? '' }];
}
