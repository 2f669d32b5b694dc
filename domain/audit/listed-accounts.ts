import { isBelievable } from '../model/believable.ts';
import type { RunCollections, RunStore } from './ports.ts';

/** All accounts there are, as the latest run read them; lower case. */
export interface ListedAccounts {
  /** ARM ids. */
  readonly keys: ReadonlySet<string>;
  readonly subscriptions: ReadonlySet<string>;
}

export interface ListedAccountsPorts {
  readonly runs: Pick<RunStore, 'latest'>;
  readonly collections: Pick<RunCollections, 'storageAccounts'>;
  readonly now: () => number;
}

/** Runs that a clock far ahead began come first for ever, and are none of the latest. */
const runsBack = 5;

/** Absence counts only in a list that was read whole (law 3). @returns null where nobody knows all accounts. */
export async function listedAccounts({ runs, collections, now }: ListedAccountsPorts): Promise<ListedAccounts | null> {
  const run = (await runs.latest(runsBack)).find(({ startedAt }) => isBelievable(startedAt, now()));
  if (run === undefined) return null;
  const accounts = await collections.storageAccounts(run.id).catch(() => null);
  if (accounts?.state !== 'known') return null;
  return {
    keys: new Set(accounts.items.map(({ key }) => key)),
    subscriptions: new Set(accounts.items.map(({ subscriptionId }) => subscriptionId.toLowerCase())),
  };
}
