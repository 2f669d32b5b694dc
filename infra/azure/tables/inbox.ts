import type { Inbox } from '../../../domain/audit/ports.ts';
import { unpackJson, packJson } from './json-properties.ts';
import { sha256 } from './keys.ts';
import type { Table } from './table.ts';

/**
 * Table `inbox`: row = SHA-256 of source and id, partition = its first two digits. The day is in no key, so that midnight
 * forgets nothing; property `receivedAt` is for purging.
 */
export function createInbox(table: Table): Inbox {
  return {
    async admit(source, id, at) {
      const rowKey = sha256(JSON.stringify([source, id]));
      const partitionKey = rowKey.slice(0, 2);
      const entity = { partitionKey, rowKey, receivedAt: new Date(at), ...packJson('body', { source, id, at }) };
      if (await table.insert(entity)) return true;
      // An insert whose answer was lost is repeated below us and meets its own row: that row says the same time.
      const stored = await table.get(partitionKey, rowKey);
      return stored !== null && (unpackJson('body', stored.properties) as { at: number }).at === at;
    },
  };
}
