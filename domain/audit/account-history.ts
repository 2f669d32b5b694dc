import type { Transition } from '../findings/finding.ts';
import { transitionsInOrder } from '../findings/in-order.ts';
import type { FormerKeys, History } from './ports.ts';

export interface AccountHistory {
  /** Those under the ids it had before among them; oldest first, each finding's by their numbers. */
  readonly transitions: readonly Transition[];
  /** Ids that it had before, lower case, sorted. */
  readonly formerKeys: readonly string[];
  /** Where it is now, if it was seen under another id since. */
  readonly movedTo: string | null;
}

/**
 * What happened to an account, wherever it lay: one that was moved keeps its history.
 * @param accountKey ARM id in lower case.
 */
export async function accountHistory(
  accountKey: string,
  { history, formerKeys }: { readonly history: History; readonly formerKeys: FormerKeys },
): Promise<AccountHistory> {
  const keys = new Set([accountKey]);
  // An account may have come back to where it was: a set grows by each id once, so this ends.
  for (const key of keys) for (const former of await formerKeys.of(key)) keys.add(former);
  const transitions = await Promise.all([...keys].map((key) => history.of(key)));
  return {
    transitions: transitionsInOrder(transitions.flat()),
    formerKeys: [...keys].filter((key) => key !== accountKey).sort(),
    movedTo: await formerKeys.movedTo(accountKey),
  };
}
