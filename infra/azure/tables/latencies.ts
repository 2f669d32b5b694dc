import type { AlertTimes } from '../../../domain/audit/latency.ts';
import { sha256 } from '../../digest.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { newestFirstKey } from './keys.ts';
import type { Table } from './table.ts';

/** How long alerts took, newest first. */
export interface Latencies {
  record(times: AlertTimes): Promise<void>;
  latest(count: number): Promise<readonly AlertTimes[]>;
}

/** What a figure lacks that was kept before the directory was measured. */
const bare = { plane: 'storage', changedAtIs: 'known' } as const;

export const latencyPartition = 'latency';

/** Table `runs`, partition `latency`: row = time of the handing over, newest first, and the hash of alert and channel. */
export function createLatencies(table: Table): Latencies {
  return {
    async record(times) {
      const { alertId, channel, handedOverAt } = times;
      await table.upsert({
        partitionKey: latencyPartition,
        rowKey: `${newestFirstKey(handedOverAt)}~${sha256(JSON.stringify([alertId, channel])).slice(0, 24)}`,
        at: new Date(handedOverAt),
        ...packJson('body', times),
      });
    },
    async latest(count) {
      const found: AlertTimes[] = [];
      if (count <= 0) return found;
      for await (const { properties } of table.rows({ partitionKey: latencyPartition })) {
        found.push({ ...bare, ...(unpackJson('body', properties) as AlertTimes) });
        if (found.length === count) break;
      }
      return found;
    },
  };
}
