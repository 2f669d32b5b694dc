import type { JobStore, Messages, SweepLog } from '../audit/ports.ts';
import type { Settings } from '../model/settings.ts';
import { isSettled, type JobState } from './job.ts';
import type { ToldResult } from './told-result.ts';
import { verificationWork } from './verification-work.ts';

export interface TakeResultPorts {
  readonly jobs: Pick<JobStore, 'find'>;
  readonly messages: Messages;
  /** What was said once. */
  readonly sweeps: Pick<SweepLog, 'has' | 'mark'>;
  readonly now: () => number;
}

/** A result that says nothing new, or is of a job that nobody can have ended. */
export class ResultRefused extends Error {
  override readonly name = 'ResultRefused';
}

/** States in which a job's message has not been sent, or will never be acted on. */
const unsent: readonly JobState[] = ['awaiting-approval', 'withdrawn'];

/**
 * Takes a result as a hint (contracts): it starts the one verification of a known job that was sent, and sets no state.
 * A dry run says that nothing was changed, so there is nothing to verify. A result after the first, of the same attempt,
 * is refused; the first itself may be delivered again, after a crash.
 * @returns whether it started one.
 * @throws ResultRefused
 */
export async function takeResult(
  { jobId, outcome, event }: ToldResult,
  settings: Settings,
  ports: TakeResultPorts,
): Promise<'verifying' | 'nothing-to-verify'> {
  const stored = await ports.jobs.find(jobId);
  if (stored === null) throw new ResultRefused(`No remediation job ${jobId} is stored, so nobody can have ended it`);
  const { job, state } = stored;
  if (unsent.includes(state)) {
    throw new ResultRefused(`The remediation job ${jobId} was never sent: it is ${state}`);
  }
  const key = `result~${jobId}~${String(job.attempt)}`;
  const own = event === undefined ? null : `${key}~${event}`;
  const started = outcome === 'dry-run' ? 'nothing-to-verify' : 'verifying';
  if (own !== null && (await ports.sweeps.has(own))) return started;
  if (await ports.sweeps.has(key)) {
    throw new ResultRefused(`A result of the remediation job ${jobId}, attempt ${String(job.attempt)}, came before`);
  }
  const now = ports.now();
  if (outcome !== 'dry-run') {
    // Who did it is not known by what somebody says.
    const nobody = { kind: 'unknown', objectId: null } as const;
    const later = now + settings.watch.debounceSeconds * 1000;
    await ports.messages.auditWork(verificationWork(job, isSettled(state) ? state : 'said', nobody, later));
  }
  // After it was queued: what a crash cut short is told again, and is the same messages.
  if (own !== null) await ports.sweeps.mark(own, now);
  await ports.sweeps.mark(key, now);
  return started;
}
