import type { SweepLog, SweepRecord } from '../../../domain/audit/ports.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { keyPart, newestFirstKey } from './keys.ts';
import type { RowRange, Table } from './table.ts';

const partitionKey = 'sweep';

/** What was said once. */
export const saidRows: RowRange = { partitionKey, from: 'said~', before: 'said~~' };

/** Table `runs`, partition `sweep`: `did~<time>` what a sweep did, newest first; `said~<key>` what was said once. */
export function createSweepLog(table: Table): SweepLog {
  return {
    async record(sweep) {
      await table.upsert({ partitionKey, rowKey: `did~${newestFirstKey(sweep.at)}`, ...packJson('body', sweep) });
    },
    async latest(count) {
      const sweeps: SweepRecord[] = [];
      if (count <= 0) return sweeps;
      for await (const { properties } of table.rows({ partitionKey, from: 'did~', before: 'did~~' })) {
        sweeps.push(unpackJson('body', properties) as SweepRecord);
        if (sweeps.length === count) break;
      }
      return sweeps;
    },
    has: async (key) => (await table.get(partitionKey, saidKey(key))) !== null,
    async under(words) {
      const from = saidKey(`${words}~`);
      const keys = new Set<string>();
      for await (const { rowKey } of table.rows({ partitionKey, from, before: `${from}~` })) {
        keys.add(rowKey.slice(saidPrefix.length));
      }
      return keys;
    },
    async mark(key, at) {
      await table.upsert({ partitionKey, rowKey: saidKey(key), at: new Date(at) });
    },
    async forget(key) {
      await table.remove(partitionKey, saidKey(key));
    },
  };
}

const saidPrefix = 'said~';

function saidKey(key: string): string {
  return `${saidPrefix}${keyPart(key, { joined: true })}`;
}
