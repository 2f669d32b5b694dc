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

/** Judged by facts of then, and announced to be. */
type Kind = 'read' | 'announced';

/** Table `accounts`: partition = subscription id, row = `read~` or `announced~`, and the account's hash. */
export function createAccountReads(table: Table): AccountReads {
  async function youngest(kind: Kind, subscriptionId: string, accountKey: string): Promise<number | null> {
    const row = await table.get(keyPart(subscriptionId), `${kind}~${placeHash(accountKey)}`);
    return row === null ? null : readOf(row).readAt;
  }

  /** The youngest stands. Each turn of the loop means that somebody else has written one. */
  async function keep(kind: Kind, subscriptionId: string, read: AccountRead): Promise<void> {
    const partitionKey = keyPart(subscriptionId);
    const rowKey = `${kind}~${placeHash(read.accountKey)}`;
    const entity = { partitionKey, rowKey, ...packJson('body', read) };
    if (await table.insert(entity)) return;
    for (;;) {
      const stored = await table.get(partitionKey, rowKey);
      if (stored === null ? await table.insert(entity) : isYounger(readOf(stored).readAt, read.readAt)) return;
      if (stored !== null && (await table.replace(entity, stored.version)) !== null) return;
    }
  }

  return {
    async of(subscriptionId) {
      const reads = new Map<string, number>();
      for await (const row of table.rows(readRows(subscriptionId))) {
        const { accountKey, readAt } = readOf(row);
        reads.set(accountKey, readAt);
      }
      return reads;
    },
    last: (subscriptionId, accountKey) => youngest('read', subscriptionId, accountKey),
    record: (subscriptionId, accountKey, readAt) => keep('read', subscriptionId, { accountKey, readAt }),
    announce: (subscriptionId, accountKey, readAt) => keep('announced', subscriptionId, { accountKey, readAt }),
    announced: (subscriptionId, accountKey) => youngest('announced', subscriptionId, accountKey),
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
