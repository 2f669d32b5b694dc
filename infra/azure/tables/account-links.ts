import type { AccountLink } from '../../../domain/audit/account-link.ts';
import type { AccountLinks } from '../../../domain/audit/watch-ports.ts';
import type { Row } from './entity.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { keyPart, placeHash } from './keys.ts';
import type { RowRange, Table } from './table.ts';

/** No subscription ids look like these. */
const partitionKey = 'app';
const removedPartition = 'app-removed';
const transactionLimit = 100;

/**
 * Table `accounts`, partition `app`: row = subscription id and the account's hash. One partition for all accounts, since
 * the watch goes through all of them where something changed; within it the accounts of a shard lie together. What was
 * removed lies in partition `app-removed` under the same row key.
 */
export function createAccountLinks(table: Table): AccountLinks {
  return {
    async of(subscriptionId, accountKeys) {
      const wanted = new Set(accountKeys);
      const rowKeys = accountKeys.map((key) => rowKeyOf(subscriptionId, key)).sort();
      const [from, last] = [rowKeys[0], rowKeys.at(-1)];
      const links = new Map<string, AccountLink>();
      if (from === undefined || last === undefined) return links;
      for await (const row of table.rows({ partitionKey, from, before: `${last}~` })) {
        const link = linkIn(row);
        if (wanted.has(link.accountKey)) links.set(link.accountKey, link);
      }
      return links;
    },
    async save(subscriptionId, links) {
      for (let start = 0; start < links.length; start += transactionLimit) {
        await table.transact(
          links.slice(start, start + transactionLimit).map((link) => ({
            kind: 'upsert',
            entity: { partitionKey, rowKey: rowKeyOf(subscriptionId, link.accountKey), ...packJson('body', link) },
          })),
        );
      }
    },
    async remove(subscriptionId, accountKey, at) {
      const rowKey = rowKeyOf(subscriptionId, accountKey);
      const row = await table.get(partitionKey, rowKey);
      if (row === null) return;
      // Kept before it is removed: a crash between the two leaves it to the next one who finds the account gone.
      const removed: RemovedLink = { ...linkIn(row), removedAt: at };
      await table.upsert({ partitionKey: removedPartition, rowKey, ...packJson('body', removed) });
      await table.remove(partitionKey, rowKey);
    },
    async *all() {
      for await (const row of table.rows({ partitionKey })) yield linkIn(row);
    },
    async *removed() {
      for await (const row of table.rows({ partitionKey: removedPartition })) {
        const { removedAt: _, ...link } = removedIn(row);
        yield link;
      }
    },
  };
}

/** A link of an account that is gone. `removedAt` is epoch milliseconds. */
interface RemovedLink extends AccountLink {
  readonly removedAt: number;
}

/** The links that were removed. */
export const removedRows: RowRange = { partitionKey: removedPartition };

/** When a link was removed, of a row among those. */
export function removedAt(row: Row): number {
  return removedIn(row).removedAt;
}

function removedIn(row: Row): RemovedLink {
  const { removedAt } = unpackJson('body', row.properties) as RemovedLink;
  return { ...linkIn(row), removedAt };
}

/** The links of the accounts of one subscription. */
export function linkRows(subscriptionId: string): RowRange {
  return { partitionKey, from: `${keyPart(subscriptionId)}~`, before: `${keyPart(subscriptionId)}~~` };
}

/** Whether the directory watch follows an account. */
export async function isLinked(table: Table, subscriptionId: string, accountKey: string): Promise<boolean> {
  return (await table.get(partitionKey, rowKeyOf(subscriptionId, accountKey))) !== null;
}

function rowKeyOf(subscriptionId: string, accountKey: string): string {
  return `${keyPart(subscriptionId)}~${placeHash(accountKey)}`;
}

function linkIn(row: Row): AccountLink {
  const stored = unpackJson('body', row.properties) as Omit<AccountLink, Later> & Partial<Pick<AccountLink, Later>>;
  const { apps = [], grantIds = [], unread = [], readAt = 0 } = stored;
  return { ...stored, apps, grantIds, unread, readAt };
}

/** What a row of an older version may lack. */
type Later = 'apps' | 'grantIds' | 'unread' | 'readAt';
