import type { FormerKeys } from '../../../domain/audit/ports.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { keyPart, placeHash } from './keys.ts';
import type { Row } from './entity.ts';
import type { Table } from './table.ts';

interface Move {
  readonly accountKey: string;
  readonly formerKey: string;
}

/**
 * Table `accounts`, both ends of a move: `former~account~former account` in the partition of the subscription where the
 * account is now, `moved~account` where it was; an account is the hash of its id.
 */
export function createFormerKeys(table: Table): FormerKeys {
  return {
    async of(accountKey) {
      const partitionKey = subscriptionOf(accountKey);
      const from = `former~${placeHash(accountKey)}~`;
      const keys: string[] = [];
      for await (const row of table.rows({ partitionKey, from, before: `${from}~` })) keys.push(moveOf(row).formerKey);
      return keys.sort();
    },
    async movedTo(accountKey) {
      const row = await table.get(subscriptionOf(accountKey), `moved~${placeHash(accountKey)}`);
      return row === null ? null : moveOf(row).accountKey;
    },
    async record(accountKey, formerKey) {
      const body = packJson('body', { accountKey, formerKey } satisfies Move);
      const rowKey = `former~${placeHash(accountKey)}~${placeHash(formerKey)}`;
      const moved = { partitionKey: subscriptionOf(formerKey), rowKey: `moved~${placeHash(formerKey)}` };
      // Every night says it again of an account that was moved: what is there already is not written again.
      const known = await table.get(moved.partitionKey, moved.rowKey);
      const isKnown = known !== null && moveOf(known).accountKey === accountKey;
      if (!isKnown) await table.upsert({ ...moved, ...body });
      else if ((await table.get(subscriptionOf(accountKey), rowKey)) !== null) return false;
      await table.insert({ partitionKey: subscriptionOf(accountKey), rowKey, ...body });
      return true;
    },
  };
}

function moveOf(row: Row): Move {
  return unpackJson('body', row.properties) as Move;
}

/** The partition of an account. @throws UnsafeKey for an id that has no subscription. */
function subscriptionOf(accountKey: string): string {
  return keyPart(/^\/subscriptions\/([^/]+)\//.exec(accountKey)?.[1] ?? '');
}
