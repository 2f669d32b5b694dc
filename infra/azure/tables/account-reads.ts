import type { AccountReads } from '../../../domain/audit/ports.ts';
import { isBelievable } from '../../../domain/model/believable.ts';
import type { Row } from './entity.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { placeHash, keyPart } from './keys.ts';
import type { RowRange, Table } from './table.ts';

interface AccountRead {
  readonly accountKey: string;
  readonly readAt: number;
}

/** Table `accounts`: partition = subscription id, row = `read~` and the account's hash. */
export function createAccountReads(table: Table): AccountReads {
  return {
    async of(subscriptionId) {
      const reads = new Map<string, number>();
      for await (const row of table.rows(readRows(subscriptionId))) {
        const { accountKey, readAt } = readOf(row);
        reads.set(accountKey, readAt);
      }
      return reads;
    },
    async last(subscriptionId, accountKey) {
      const row = await table.get(keyPart(subscriptionId), `read~${placeHash(accountKey)}`);
      return row === null ? null : readOf(row).readAt;
    },
    async record(subscriptionId, accountKey, readAt) {
      const partitionKey = keyPart(subscriptionId);
      const rowKey = `read~${placeHash(accountKey)}`;
      const entity = { partitionKey, rowKey, ...packJson('body', { accountKey, readAt } satisfies AccountRead) };
      if (await table.insert(entity)) return;
      // The youngest read stands. Each turn of the loop means that somebody else has written one.
      for (;;) {
        const stored = await table.get(partitionKey, rowKey);
        if (stored === null ? await table.insert(entity) : isYounger(readOf(stored).readAt, readAt)) return;
        if (stored !== null && (await table.replace(entity, stored.version)) !== null) return;
      }
    },
  };
}

/** The reads of the accounts of one subscription. */
export function readRows(subscriptionId: string): RowRange {
  return { partitionKey: keyPart(subscriptionId), from: 'read~', before: 'read~~' };
}

/** An audit ends long before its reading is as old as a time may be ahead, so that its own stands for the clock. */
function isYounger(stored: number, readAt: number): boolean {
  return stored >= readAt && isBelievable(stored, readAt);
}

function readOf(row: Row): AccountRead {
  return unpackJson('body', row.properties) as AccountRead;
}
