import type { Removed } from '../../../domain/audit/purge.ts';
import type { Row } from './entity.ts';
import type { RowRange, Table } from './table.ts';

/** Rows of one partition that leave together, at most. */
const transactionLimit = 100;

/**
 * Removes the rows of a range, page by page, but those that are to stay. A row that somebody else removed first is none of
 * ours.
 * @param most rows; what is left over is for another time
 * @param stays whether a row is kept although the range holds it
 */
export async function removeRows(
  table: Table,
  range: RowRange,
  most: number,
  stays: (row: Row) => boolean = () => false,
): Promise<Removed> {
  let rows = 0;
  for await (const page of table.pages(range)) {
    const going = page.filter((row) => !stays(row));
    const now = going.slice(0, most - rows);
    for (const together of byPartition(now)) rows += await removeTogether(table, together);
    if (now.length < going.length) return { rows, more: true };
  }
  return { rows, more: false };
}

async function removeTogether(table: Table, rows: readonly Row[]): Promise<number> {
  const actions = rows.map(({ partitionKey, rowKey }) => ({ kind: 'delete', partitionKey, rowKey }) as const);
  if (await table.transact(actions)) return rows.length;
  let removed = 0;
  for (const { partitionKey, rowKey } of rows) if (await table.remove(partitionKey, rowKey)) removed += 1;
  return removed;
}

function byPartition(rows: readonly Row[]): readonly (readonly Row[])[] {
  const groups: Row[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last?.[0]?.partitionKey === row.partitionKey && last.length < transactionLimit) last.push(row);
    else groups.push([row]);
  }
  return groups;
}
