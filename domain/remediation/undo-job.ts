import type { StoredJob } from '../audit/ports.ts';
import { type Digest, jobIdOf, type RemediationJob } from './job.ts';
import type { RemediatePorts } from './remediate-ports.ts';
import { isSafelyUndone, undoPlanOf } from './undo-plan.ts';

export interface UndoPorts extends Pick<RemediatePorts, 'jobs' | 'messages' | 'now'> {
  readonly digest: Digest;
}

/** What a job did cannot be taken back; the message says why. */
export class UndoRefused extends Error {
  override readonly name = 'UndoRefused';
}

/** Whoever asks is waiting; another person may have to approve it first. */
const undoLifeMs = 24 * 3_600_000;

/**
 * Asks for a job to be taken back: a job of its own, which restores the recorded value under the same checks, claim and
 * record as any other, and writes only where the value is still the one that was written. Where putting the value back
 * weakens security or interrupts users, it waits for another person than the one who asks (`undo-plan.ts`).
 * @param by object id of whoever asks
 * @returns the job that takes it back; the same one when asked again
 * @throws UndoRefused
 */
export async function undoJob(jobId: string, by: string, ports: UndoPorts): Promise<StoredJob> {
  const done = await ports.jobs.find(jobId);
  if (done === null) throw new UndoRefused(`No remediation job ${jobId} is stored`);
  if (done.state !== 'done')
    throw new UndoRefused(`Job ${jobId} is ${done.state}: only what is done can be taken back`);
  if (done.job.undoOf !== undefined) {
    throw new UndoRefused(`Job ${jobId} took back another one; the next audit plans the repair anew`);
  }
  const plan = undoPlanOf(done);
  if (plan === null) throw new UndoRefused(`Job ${jobId} was recorded without what undoing it takes; undo it by hand`);
  const now = ports.now();
  const undo: Omit<RemediationJob, 'jobId'> = {
    ...without(done.job),
    plan,
    dryRun: false,
    approvalRequired: !isSafelyUndone(plan.action),
    notBefore: now,
    expiresAt: now + undoLifeMs,
    attempt: 1,
    requestedBy: by.toLowerCase(),
    undoOf: jobId,
    correlationId: jobId,
    createdAt: now,
  };
  const undoId = jobIdOf(undo, ports.digest);
  await ports.jobs.insert({ jobId: undoId, ...undo });
  const stored = await ports.jobs.find(undoId);
  if (stored === null) throw new Error(`Job ${undoId} was stored and is not there`);
  // One that had to be approved was sent with its approval.
  if (stored.state === 'queued' && !stored.job.approvalRequired) await ports.messages.job(stored.job);
  return stored;
}

function without({ jobId: _, ...job }: RemediationJob): Omit<RemediationJob, 'jobId'> {
  return job;
}
