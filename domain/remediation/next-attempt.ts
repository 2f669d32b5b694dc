import type { JobStore, StoredJob } from '../audit/ports.ts';
import { isForSameAccounts, type RemediationJob } from './job.ts';
import { samePlan } from './same-plan.ts';

/** What was tried this often in one episode, to no avail, waits for a person. */
const mostTries = 3;

/** Whoever took a job up and was not heard of for so long after its end goes on no more (`resend-jobs.ts` has told it by then). */
const abandonedMs = 24 * 3_600_000;

/** `why` in a sentence. */
export type NextAttempt =
  { readonly kind: 'new'; readonly job: RemediationJob } | { readonly kind: 'none'; readonly why: string };

/**
 * The first attempt at a job that is not stored yet; none where an earlier one still stands for the same plan, or was ended
 * by a person. The auditor inserts jobs and never changes one: what was planned against older facts is left as it is, and
 * a younger attempt takes its place (`youngerJob`).
 * @param jobOf the job in that attempt; null where settings switch its action off
 */
export async function nextAttempt(
  jobOf: (attempt: number) => RemediationJob | null,
  jobs: Pick<JobStore, 'find'>,
  now: number,
): Promise<NextAttempt> {
  let tries = 0;
  for (let attempt = 1; ; attempt += 1) {
    const job = jobOf(attempt);
    if (job === null) return { kind: 'none', why: 'Settings switch the action off' };
    const stored = await jobs.find(job.jobId);
    if (stored === null) return { kind: 'new', job };
    // It was at another place then: what became of that one says nothing of this one.
    if (!isForSameAccounts(stored.job, job)) continue;
    const why = whyNotAgain(stored, job, now);
    if (why !== null) return { kind: 'none', why: `Job ${job.jobId} ${why}` };
    if (isTry(stored, job, now)) tries += 1;
    if (tries >= mostTries) {
      return { kind: 'none', why: `Job ${job.jobId} was the third for the same fault; a person has to look` };
    }
  }
}

/** What counts as tried: what ended, nobody carried out in its time, or was withdrawn for a plan that is made all the same. */
function isTry({ job, state, report }: StoredJob, again: RemediationJob, now: number): boolean {
  switch (state) {
    case 'done':
    case 'failed':
    case 'running':
      return true;
    case 'refused':
      // Each that was held took a person who lifted it since.
      return report?.passes !== 'held';
    case 'queued':
      return !job.dryRun && now >= job.expiresAt;
    case 'withdrawn':
      return samePlan(job.plan, again.plan);
    default:
      return false;
  }
}

/** The same plan was refused before it was too old: by a person, for a reason that still holds, or by one that passes. */
function whyStillRefused(report: StoredJob['report'], expiresAt: number): string | null {
  if (report?.passes === 'late') return null;
  if (report?.passes === 'held') {
    return report.plannedAnew === undefined ? 'was refused, and is planned anew when what held it is lifted' : null;
  }
  return (report?.at ?? 0) < expiresAt ? 'was refused' : null;
}

/** Why an attempt that is stored makes another one needless or unwanted; null where it does not. */
function whyNotAgain({ job, state, report, progress }: StoredJob, again: RemediationJob, now: number): string | null {
  const isSame = samePlan(job.plan, again.plan) && job.dryRun === again.dryRun;
  switch (state) {
    case 'running':
      return now < Math.max(job.expiresAt, progress?.claimedUntil ?? 0) + abandonedMs ? 'is being carried out' : null;
    case 'awaiting-approval':
    case 'queued':
      return isSame && now < job.expiresAt ? 'is there already' : null;
    case 'dry-run':
      if (job.dryRun) return again.dryRun ? 'was a dry run' : null;
      // It would be one again: who carries it out withdraws it when its own settings are others.
      return isSame ? 'was a dry run by the settings of the remediator' : null;
    case 'undone':
      return 'was taken back by a person';
    case 'refused':
      return isSame ? whyStillRefused(report, job.expiresAt) : null;
    case 'failed':
      return isSame && now < job.expiresAt ? 'has failed' : null;
    case 'done':
    case 'withdrawn':
      return null;
    default:
      return 'is in a state that a newer version wrote';
  }
}
