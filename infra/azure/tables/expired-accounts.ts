import type { Removed } from '../../../domain/audit/purge.ts';
import { isLinked, removedAt, removedRows } from './account-links.ts';
import type { Row } from './entity.ts';
import { findingsOfPlace } from './finding-rows.ts';
import { unpackJson } from './json-properties.ts';
import { placeHash } from './keys.ts';
import type { Table } from './table.ts';

/** Rows of table `accounts` that stand for what an account was seen to be, in the partition of its subscription. */
const kinds = ['read', 'announced', 'facts'] as const;

/**
 * Removes what is kept of accounts that are gone. Facts are not written while they stay as they are, so that an old row
 * alone tells nothing: the account must be proved to be listed no more, followed by no watch, and have no finding. A link that was
 * removed goes by when that was.
 */
export async function removeExpiredAccounts(
  { accounts, findings }: { readonly accounts: Table; readonly findings: Table },
  {
    before,
    most,
    mayBeThere,
  }: { readonly before: number; readonly most: number; readonly mayBeThere: (accountKey: string) => boolean },
): Promise<Removed> {
  let rows = 0;
  for (const kind of kinds) {
    for await (const row of accounts.rows({ from: `${kind}~`, before: `${kind}~~` })) {
      const { accountKey, readAt } = readIn(row);
      if (readAt >= before || mayBeThere(accountKey)) continue;
      if (await isLinked(accounts, row.partitionKey, accountKey)) continue;
      if (await hasFinding(findings, row.partitionKey, accountKey)) continue;
      if (rows >= most) return { rows, more: true };
      // At the version that was seen: one that is read again meanwhile stays.
      rows += Number(await accounts.remove(row.partitionKey, row.rowKey, row.version));
    }
  }
  for await (const row of accounts.rows(removedRows)) {
    if (removedAt(row) >= before) continue;
    if (rows >= most) return { rows, more: true };
    rows += Number(await accounts.remove(row.partitionKey, row.rowKey, row.version));
  }
  return { rows, more: false };
}

function readIn({ properties }: Row): { readonly accountKey: string; readonly readAt: number } {
  const body = unpackJson('body', properties) as {
    readonly accountKey: string;
    readonly readAt?: number;
    readonly facts?: { readonly readAt: number };
  };
  return { accountKey: body.accountKey, readAt: body.readAt ?? body.facts?.readAt ?? Infinity };
}

async function hasFinding(findings: Table, subscriptionId: string, accountKey: string): Promise<boolean> {
  for await (const page of findings.pages(findingsOfPlace(subscriptionId, placeHash(accountKey)), 1)) {
    if (page.length > 0) return true;
  }
  return false;
}
