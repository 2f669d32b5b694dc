import type { Simulation } from '../simulation.ts';
import type { SimulatedMessage } from '../broker/queue.ts';
import { instant } from './stored.ts';

const minute = 60_000;

/** Nothing waits to be sent, nothing is rejected but what a person has to know, only what was struck to the last lies with the dead letters, and the last run is finished. */
export function leftBehind({
  store,
  broker,
  timeline,
  witness,
  violations,
  struckLast,
  counts,
  forged,
}: Simulation): void {
  for (const { partitionKey, rowKey } of store.findings.page({ from: 'o~', before: 'o~~' }, Infinity, null)) {
    violations.add(`Left in the outbox: ${rowKey} of partition ${partitionKey}`);
  }
  for (const { rowKey, writtenAt } of store.findings.page({ partitionKey: 'outbox' }, Infinity, null)) {
    if (timeline.now() - writtenAt > 30 * minute)
      violations.add(`The outbox marker of ${rowKey} is of ${instant(writtenAt)}`);
  }
  for (const [name, { deadLetters, waiting }] of broker.queues) {
    counts.deadLetters += deadLetters.length;
    for (const { messageId } of deadLetters)
      if (!struckLast.has(messageId)) violations.add(`Dead letter of ${name}: ${messageId}`);
    if (name !== 'rejected') continue;
    for (const message of waiting())
      if (!isToldJob(message, store) && !forged.has(idIn(message))) violations.add(`Rejected: ${reasonOf(message)}`);
  }
  const last = witness.finishedRuns.at(-1);
  if (last === undefined || timeline.now() - last.startedAt > 25 * 60 * minute) {
    violations.add(`The last run that finished began ${last === undefined ? 'never' : instant(last.startedAt)}`);
  }
}

/** A job that was refused or failed is told with its reason; and so is a result that says what one said before. */
function isToldJob(message: SimulatedMessage, store: Simulation['store']): boolean {
  if (/^A result of the remediation job [0-9a-f]+, attempt \d+, came before$/.test(reasonOf(message))) return true;
  if (message.applicationProperties['source'] !== 'remediation-jobs') return false;
  const { jobId, state } = JSON.parse(message.body) as { readonly jobId?: string; readonly state?: string };
  if (jobId === undefined || state === undefined) return false;
  return store.jobs.get(jobId.slice(0, 2), jobId)?.properties['state'] === state;
}

function reasonOf({ applicationProperties }: SimulatedMessage): string {
  return String(applicationProperties['reason']);
}

/** Of the event that was rejected; of a result that was put off nothing but the job is left. */
function idIn({ body }: SimulatedMessage): string {
  const { id, result } = JSON.parse(body) as { readonly id?: string; readonly result?: { readonly jobId: string } };
  return String(id ?? result?.jobId);
}
