import type { StoredJob } from '../audit/ports.ts';
import { clocksApartMs } from '../model/clocks-apart.ts';
import { type JobProgress, notBegun } from './job-progress.ts';
import { claimedElsewhere, type Remediated, type RemediatePorts } from './remediate-ports.ts';

/** So often something may fail in passing before the job has failed. */
export const mostTries = 6;
const firstPauseMs = 30_000;
const longestPauseMs = 30 * 60_000;

/** How long to wait before the try after so many: twice as long each time, and never less than the service asked for. */
export function pauseAfter(tries: number, retryAfterMs: number | null): number {
  return Math.max(retryAfterMs ?? 0, Math.min(longestPauseMs, firstPauseMs * 2 ** tries));
}

/**
 * When to come back for what is due at a set time, however early this came. The broker delivers by its own clock: whoever
 * takes a message before its time by a slower one sends it again for a later time than it came for, since the same message
 * for the same time would be dropped as a duplicate.
 */
export function comingBack(dueAt: number, now: number): number {
  return Math.max(dueAt, now + clocksApartMs);
}

export interface Later {
  /** Epoch milliseconds, UTC. */
  readonly at: number;
  readonly reason: string;
  readonly progress: JobProgress;
}

/**
 * Lets go of a job until later: its row first, then the message that brings it back. A crash between the two is a
 * redelivery, which does the same once more. One that has written stays `running`.
 */
export async function putOffJob(
  stored: StoredJob,
  { at, reason, progress: reached }: Later,
  ports: Pick<RemediatePorts, 'jobs' | 'approvals' | 'messages'>,
): Promise<Remediated> {
  const progress = { ...reached, comesBackAt: at };
  const state = progress.write === null ? 'queued' : 'running';
  const isSame = state === stored.state && same(progress, stored.progress ?? notBegun);
  const kept = isSame ? stored : await ports.jobs.move(stored, state, null, progress);
  if (kept === null) return claimedElsewhere;
  await bringBack(kept, at, ports);
  return { state: 'put-off', reason };
}

/** Sends the job's message once more, for `at`. */
export async function bringBack(
  { job }: StoredJob,
  at: number,
  { approvals, messages }: Pick<RemediatePorts, 'approvals' | 'messages'>,
): Promise<void> {
  const approval = job.approvalRequired ? await approvals.find(job.jobId, job.attempt) : null;
  await messages.job(job, { approval, againAt: at });
}

function same(a: JobProgress, b: JobProgress): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
