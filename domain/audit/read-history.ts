import type { HistoryEntries } from '../drift/timeline.ts';
import { transitionsInOrder } from '../findings/in-order.ts';
import type { Transition } from '../findings/finding.ts';
import { type FindingPlace, noSubscription } from '../findings/place.ts';
import { accountHistory } from './account-history.ts';
import type { ChangeHistory } from './drift-ports.ts';
import { historyEntries } from './history-entries.ts';
import type { FormerKeys, History, Outbox } from './ports.ts';

export interface WholeHistory {
  readonly entries: HistoryEntries;
  /** ARM ids that the account had before, lower case, sorted. */
  readonly formerKeys: readonly string[];
  /** Where the account is now, if it was seen under another id since. */
  readonly movedTo: string | null;
}

export interface ReadHistoryPorts {
  readonly history: History;
  readonly changes: ChangeHistory;
  readonly formerKeys: FormerKeys;
  readonly outbox: Outbox;
}

/** All that happened at a place, wherever the account lay before; what waits for its dispatch is there too. */
export async function readHistory({ partition, key }: FindingPlace, store: ReadHistoryPorts): Promise<WholeHistory> {
  const { formerKeys, movedTo } =
    partition === noSubscription ? { formerKeys: [], movedTo: null } : await accountHistory(key, store);
  const waiting = await waitingTransitions(partition, key, store.outbox);
  const entries = await historyEntries([key, ...formerKeys], store);
  const told = new Set(entries.transitions.map(nameOf));
  const transitions = [...entries.transitions, ...waiting.filter((one) => !told.has(nameOf(one)))];
  return { entries: { ...entries, transitions: transitionsInOrder(transitions) }, formerKeys, movedTo };
}

/** Read before history, so that what is dispatched meanwhile is in one of the two. */
async function waitingTransitions(partition: string, key: string, outbox: Outbox): Promise<readonly Transition[]> {
  const waiting: Transition[] = [];
  for await (const { transition } of outbox.entries(partition)) {
    if (transition?.key === key) waiting.push(transition);
  }
  return waiting;
}

function nameOf({ key, rule, number }: Transition): string {
  return `${key}/${rule}#${String(number)}`;
}
