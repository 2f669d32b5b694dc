import { isBelievable } from '../model/believable.ts';
import { wholeTenant } from '../model/coverage.ts';
import type { RunCollections, RunStore } from './ports.ts';

/** All accounts there are, as the latest run read them; lower case. */
export interface ListedAccounts {
  /** ARM ids. */
  readonly keys: ReadonlySet<string>;
  /** Those that hold an account. */
  readonly subscriptions: ReadonlySet<string>;
  /** Subscriptions of which the run's ledger has a gap: nobody knows what is in there. */
  readonly unread: ReadonlySet<string>;
}

export interface ListedAccountsPorts {
  readonly runs: Pick<RunStore, 'latest' | 'coverage'>;
  readonly collections: Pick<RunCollections, 'storageAccounts'>;
  readonly now: () => number;
}

/** Runs that a clock far ahead began come first for ever, and are none of the latest. */
const runsBack = 5;

/**
 * Absence counts only in a list that was read whole (law 3), and what a list left out only the ledger knows: a subscription
 * that is out of sight is no gap of the list. @returns null where nobody knows all accounts.
 */
export async function listedAccounts({ runs, collections, now }: ListedAccountsPorts): Promise<ListedAccounts | null> {
  const run = (await runs.latest(runsBack)).find(({ startedAt }) => isBelievable(startedAt, now()));
  if (run === undefined) return null;
  const accounts = await collections.storageAccounts(run.id).catch(() => null);
  if (accounts?.state !== 'known') return null;
  const ledger = (await runs.coverage(run.id)).filter(({ collection }) => collection === 'storage-accounts');
  const unread = new Set(ledger.filter(({ gaps }) => gaps.length > 0).map(({ place }) => place));
  // A run without a ledger is of an older version, or is still being planned.
  if (ledger.length === 0 || unread.has(wholeTenant)) return null;
  return {
    keys: new Set(accounts.items.map(({ key }) => key)),
    subscriptions: new Set(accounts.items.map(({ subscriptionId }) => subscriptionId.toLowerCase())),
    unread,
  };
}

/** Whether an account is listed, or lies where nobody can tell. @param accountKey ARM id in lower case */
export function mayBeThere(accountKey: string, { keys, unread }: ListedAccounts): boolean {
  return keys.has(accountKey) || unread.has(/^\/subscriptions\/([^/]+)/.exec(accountKey)?.[1] ?? '');
}
