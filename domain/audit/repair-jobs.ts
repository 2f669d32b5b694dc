import { type Repair, repairBy } from '../findings/act.ts';
import type { Finding, Transition } from '../findings/finding.ts';
import type { Reduction } from '../findings/take-step.ts';
import { heldIfTakenBack } from '../remediation/held-if-taken-back.ts';
import { hasEnded, isForSameAccounts, type RemediationJob } from '../remediation/job.ts';
import type { WriteRecords } from '../remediation/write-record.ts';
import { type JobReport, type JobStore, JobUnreadable, type StoredJob } from './ports.ts';

/** What mends findings: which job one calls for, and how far those got that were made. */
export interface Repairs {
  /** Null for none. @param attempt 1 for the first. */
  readonly jobFor: (finding: Finding, attempt: number) => RemediationJob | null;
  readonly jobs: Pick<JobStore, 'find'>;
  /** What a person had taken back last. */
  readonly records: Pick<WriteRecords, 'latest'>;
}

/** What Entra takes to show everywhere what was written, and what clocks lie apart, with room to spare (domain facts 5). */
const shownAfterMs = 15 * 60_000;

/** How the jobs ended that findings wait for, by job id. */
export interface EndedJobs {
  /**
   * Expired without anybody carrying them out. A job that was done without effect, or refused in its time, is none: the next
   * one would fare no better.
   */
  readonly lapsedJobs: ReadonlySet<string>;
  /** Done, failed, refused or taken back so long before the facts were read that these show what came of it. */
  readonly overJobs: ReadonlySet<string>;
}

/** @param factsReadAt epoch milliseconds: what was read before a job ended says nothing of it */
export async function endedJobs(
  findings: readonly Finding[],
  factsReadAt: number,
  jobs: Repairs['jobs'],
): Promise<EndedJobs> {
  const lapsedJobs = new Set<string>();
  const overJobs = new Set<string>();
  for (const { state, repair } of findings) {
    if (state !== 'remediating' || repair === null) continue;
    const { jobId, expiresAt } = repair;
    const stored = await readJob(jobId, jobs);
    if (stored === 'unreadable') continue;
    if (factsReadAt >= expiresAt && (stored === null || nobodyRan(stored))) lapsedJobs.add(jobId);
    if (stored !== null && hasRun(stored) && factsReadAt > stored.report.at + shownAfterMs) overJobs.add(jobId);
  }
  return { lapsedJobs, overJobs };
}

function hasRun(stored: StoredJob): stored is StoredJob & { readonly report: JobReport } {
  return stored.report !== null && hasEnded(stored.state);
}

/**
 * The repair that goes with a transition; null for none. Each job of an episode is another attempt, so that none is taken
 * for one that was settled before; one that is still on its way for the same plan goes on.
 * @param now epoch milliseconds
 */
export async function repairFor(
  before: Finding | null,
  { next, transition }: Reduction,
  { jobFor, jobs, records }: Repairs,
  now: number,
): Promise<Repair | null> {
  if (next?.state !== 'open' || transition === null) return null;
  const attempts = next.repairAttempts;
  if (transition.kind === 'lapsed') return repairBy(await unused(attempts + 1));
  if (opening.includes(transition.kind)) return repairBy(await unused(1));
  // What opened as unknown may become a fault, and a new app in place of the old one is another object to mend.
  if (transition.kind !== 'worse') return null;
  const last = jobFor(next, Math.max(1, attempts));
  if (last === null) return null;
  const isAwaited = before?.repair?.jobId === last.jobId;
  const stored = await readJob(last.jobId, jobs);
  // One that is awaited and not stored yet waits in the outbox.
  const isUnderWay = stored !== null && stored !== 'unreadable' && isForSameAccounts(stored.job, last);
  if (stored === null ? isAwaited : isUnderWay && isOnItsWay(stored, now)) {
    return { job: null, underWay: isAwaited ? before.repair : null };
  }
  return repairBy(await unused(stored === null && attempts === 0 ? 1 : Math.max(1, attempts) + 1));

  /**
   * The job in the first attempt from one on that nobody made yet. A job is known by what it does and for which findings, not
   * by where the account lies (contracts): of an account that was moved, former attempts are taken by those of the place that
   * it was at.
   */
  async function unused(first: number): Promise<RemediationJob | null> {
    for (let attempt = first; next !== null; attempt += 1) {
      const job = jobFor(next, attempt);
      if (job === null) return null;
      if ((await readJob(job.jobId, jobs)) === null) return heldIfTakenBack(job, records);
    }
    return null;
  }
}

/** Transitions that begin an episode, and with it the count of its attempts. */
const opening: readonly Transition['kind'][] = ['opened', 'reopened', 'waiver-ended'];

/** Whether a job that has expired was never begun: still waiting, withdrawn, or taken so late that it was refused for that. */
function nobodyRan({ job, state, report }: StoredJob): boolean {
  if (state === 'refused') return report !== null && report.at >= job.expiresAt;
  return state === 'queued' || state === 'awaiting-approval' || state === 'withdrawn';
}

/** Whether a job may still be carried out as it stands. */
export function isOnItsWay({ job, state }: StoredJob, now: number): boolean {
  return (state === 'queued' || state === 'running' || state === 'awaiting-approval') && now < job.expiresAt;
}

/**
 * Whether a finding that is being mended waits in vain: its job has ended without mending it, or expired. One that is done is
 * waited for until its verification, one whose row cannot be read may be.
 */
export async function isRepairOver(
  { repair }: Pick<Finding, 'repair'>,
  jobs: Pick<JobStore, 'find'>,
  now: number,
): Promise<boolean> {
  if (repair === null) return false;
  const stored = await readJob(repair.jobId, jobs);
  if (stored === null) return now >= repair.expiresAt;
  if (stored === 'unreadable' || stored.state === 'running') return false;
  return stored.state === 'done' ? now >= repair.expiresAt : !isOnItsWay(stored, now);
}

/** A job by its id. A row that cannot be read may be of one that was carried out, and must not hold up an audit. */
export async function readJob(jobId: string, jobs: Pick<JobStore, 'find'>): Promise<StoredJob | 'unreadable' | null> {
  try {
    return await jobs.find(jobId);
  } catch (error) {
    if (error instanceof JobUnreadable) return 'unreadable';
    throw error;
  }
}
