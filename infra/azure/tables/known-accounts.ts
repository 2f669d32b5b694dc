import type { KnownAccounts } from '../../../domain/audit/follow-event.ts';
import { linkRows } from './account-links.ts';
import { readRows } from './account-reads.ts';
import { unpackJson } from './json-properties.ts';
import type { Table } from './table.ts';

/**
 * Accounts that table `accounts` names: those that an audit linked to the directory, and those that were read on their
 * own. A scope above subscriptions is not followed: both lie apart by subscription.
 */
export function createKnownAccounts(table: Table): KnownAccounts {
  return {
    async under(scope, limit) {
      const subscriptionId = /^\/subscriptions\/([^/]+)/.exec(scope)?.[1];
      if (subscriptionId === undefined) return null;
      const keys = new Set<string>();
      for (const range of [linkRows(subscriptionId), readRows(subscriptionId)]) {
        for await (const { properties } of table.rows(range)) {
          const { accountKey } = unpackJson('body', properties) as { readonly accountKey: string };
          if (`${accountKey}/`.startsWith(`${scope}/`)) keys.add(accountKey);
          if (keys.size > limit) return null;
        }
      }
      return [...keys].sort();
    },
  };
}
