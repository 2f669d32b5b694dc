import type { FactChange } from '../drift/fact-change.ts';
import type { Digest } from '../remediation/job.ts';
import type { QueuedWork } from './ports.ts';

const minute = 60_000;
/** The records of changes come minutes late, and seldom hours. */
const pauses = [4 * minute, 6 * minute, 10 * minute, 20 * minute, 40 * minute, 80 * minute, 120 * minute];

/** Whether a try is the last one. @param attempt 1 for the first */
export function isLastAttempt(attempt: number): boolean {
  return attempt >= pauses.length;
}

/** The message that makes somebody look who made a change, when the records of it may be there. @param attempt 1 for the first */
export function attributionWork(
  { id, key }: Pick<FactChange, 'id' | 'key'>,
  attempt: number,
  now: number,
  digest: Digest,
): QueuedWork {
  return {
    messageId: digest(`attribute|${id}|${String(attempt)}`),
    work: { kind: 'attribute', accountId: key, changeId: id, attempt },
    notBefore: now + (pauses[attempt - 1] ?? 0),
  };
}
