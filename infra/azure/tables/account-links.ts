import type { AccountLink } from '../../../domain/audit/account-link.ts';
import type { AccountLinks } from '../../../domain/audit/watch-ports.ts';
import type { Row } from './entity.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { keyPart, placeHash } from './keys.ts';
import type { RowRange, Table } from './table.ts';

/** No subscription id looks like this. */
const partitionKey = 'app';
const transactionLimit = 100;

/**
 * Table `accounts`, partition `app`: row = subscription id and the account's hash. One partition for all accounts, since
 * the watch goes through all of them where something changed; within it the accounts of a shard lie together.
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
    async remove(subscriptionId, accountKey) {
      await table.remove(partitionKey, rowKeyOf(subscriptionId, accountKey));
    },
    async *all() {
      for await (const row of table.rows({ partitionKey })) yield linkIn(row);
    },
  };
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
