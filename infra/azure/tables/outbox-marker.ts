import { keyPart } from './keys.ts';
import type { Table } from './table.ts';

/** The partition of `findings` that lists the others which may hold outbox rows. No subscription id looks like this. */
export const markerPartition = 'outbox';

/**
 * Says that a partition may hold outbox rows; to be called before they are written. Marking again changes the marker's
 * ETag, so that nobody who saw the former one can forget it.
 */
export async function markPartition(table: Table, partition: string): Promise<void> {
  await table.upsert({ partitionKey: markerPartition, rowKey: keyPart(partition) });
}
