import type { JobStore, Messages, StoredJob } from '../audit/ports.ts';
import type { Settings } from '../model/settings.ts';
import type { Digest, RemediationJob } from './job.ts';
import { jobOfPlan } from './job-of-plan.ts';

export interface RequeueJobPorts {
  readonly jobs: Pick<JobStore, 'find' | 'insert'>;
  readonly messages: Pick<Messages, 'job'>;
  readonly digest: Digest;
  readonly now: () => number;
}

/** A job cannot be tried again as it stands; the message says why. */
export class RequeueRefused extends Error {
  override readonly name = 'RequeueRefused';
}

/** Nothing is under way any more, and nothing was changed, or nobody knows whether it was. */
const mayBeTriedAgain: readonly string[] = ['failed', 'refused', 'dry-run'];

/**
 * Tries a job again: a new attempt, which is a job of its own with a message id of its own. Its plan is planned again and
 * compared like any other's before anything is written, so that one of yesterday is refused then; whoever asks is its
 * requester, and does not approve it.
 * @param by object id of whoever asks
 * @returns the new attempt
 * @throws RequeueRefused
 */
export async function requeueJob(
  { job, state, progress }: StoredJob,
  by: string,
  settings: Settings,
  ports: RequeueJobPorts,
): Promise<StoredJob> {
  const now = ports.now();
  const lapsed = ['queued', 'awaiting-approval'].includes(state) && now >= job.expiresAt;
  // Whoever took it is not at it any more. Should they come back they only look at what they wrote.
  const isLeft = state === 'running' && now >= Math.max(job.expiresAt, progress?.claimedUntil ?? 0);
  if (!mayBeTriedAgain.includes(state) && !lapsed && !isLeft) throw new RequeueRefused(whyNot(job, state));
  if (typeof job.undoOf === 'string') {
    throw new RequeueRefused(`Job ${job.jobId} takes back job ${job.undoOf}: ask for the undo of that one again`);
  }
  const origin = { ...job, settings, now, attempt: job.attempt + 1, correlationId: job.jobId, digest: ports.digest };
  const planned = jobOfPlan({ kind: 'plan', plan: job.plan, accounts: job.accounts, leftOut: [] }, origin);
  if (planned === null) {
    throw new RequeueRefused(
      `The action ${job.plan.action} is switched off in the remediator's settings; switch it on first`,
    );
  }
  const next: RemediationJob = { ...planned, requestedBy: by };
  if ((await ports.jobs.find(next.jobId)) !== null) {
    throw new RequeueRefused(`Attempt ${String(next.attempt)} of the job is there already: ${next.jobId}`);
  }
  await ports.jobs.insert(next);
  const stored = await ports.jobs.find(next.jobId);
  if (stored === null) throw new Error(`Job ${next.jobId} was stored and is not there`);
  if (stored.state === 'queued') await ports.messages.job(stored.job);
  return stored;
}

function whyNot({ jobId }: RemediationJob, state: string): string {
  switch (state) {
    case 'done':
      return `Job ${jobId} is done; undo takes it back`;
    case 'undone':
    case 'withdrawn':
      return `Job ${jobId} is ${state}; where the fault is still there, the next audit plans it anew`;
    default:
      return `Job ${jobId} is ${state}, so it is still on its way`;
  }
}
