import type { Simulation } from '../simulation.ts';
import { instant } from './stored.ts';

const minute = 60_000;

/** Nothing waits to be sent, nothing is rejected, only what was struck to the last lies with the dead letters, and the last run is finished. */
export function leftBehind({ store, broker, timeline, witness, violations, struckLast, counts }: Simulation): void {
  for (const { partitionKey, rowKey } of store.findings.page({ from: 'o~', before: 'o~~' }, Infinity, null)) {
    violations.add(`Left in the outbox: ${rowKey} of partition ${partitionKey}`);
  }
  for (const { rowKey, writtenAt } of store.findings.page({ partitionKey: 'outbox' }, Infinity, null)) {
    if (timeline.now() - writtenAt > 30 * minute)
      violations.add(`The outbox marker of ${rowKey} is of ${instant(writtenAt)}`);
  }
  for (const [name, { deadLetters, size }] of broker.queues) {
    counts.deadLetters += deadLetters.length;
    for (const { messageId } of deadLetters)
      if (!struckLast.has(messageId)) violations.add(`Dead letter of ${name}: ${messageId}`);
    if (name === 'rejected' && size() > 0) violations.add(`${String(size())} messages were rejected`);
  }
  const last = witness.finishedRuns.at(-1);
  if (last === undefined || timeline.now() - last.startedAt > 25 * 60 * minute) {
    violations.add(`The last run that finished began ${last === undefined ? 'never' : instant(last.startedAt)}`);
  }
}
