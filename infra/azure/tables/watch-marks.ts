import type { StoredMark, WatchMark, WatchMarks } from '../../../domain/audit/watch-ports.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { placeHash } from './keys.ts';
import type { Table } from './table.ts';

/** No subscription id looks like this. */
const partitionKey = 'watch';

/** Table `accounts`, partition `watch`: `again~<list>~<account hash, or all>`, what the next look has audited again. */
export function createWatchMarks(table: Table): WatchMarks {
  return {
    async set(mark) {
      await table.upsert({ partitionKey, rowKey: rowKeyOf(mark), ...packJson('body', mark) });
    },
    async all() {
      const marks: StoredMark[] = [];
      for await (const { version, properties } of table.rows({ partitionKey, from: 'again~', before: 'again~~' })) {
        marks.push({ ...(unpackJson('body', properties) as WatchMark), version });
      }
      return marks;
    },
    async remove(mark) {
      await table.remove(partitionKey, rowKeyOf(mark), mark.version);
    },
  };
}

function rowKeyOf({ list, accountId }: WatchMark): string {
  return `again~${list}~${accountId === null ? 'all' : placeHash(accountId.toLowerCase())}`;
}
