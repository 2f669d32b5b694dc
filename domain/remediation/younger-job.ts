import type { JobStore } from '../audit/ports.ts';
import { isSettled, type RemediationJob } from './job.ts';

/**
 * The youngest stored job that takes this one's place: the same action on the same object for some of the same findings in
 * the same episode or a later one, at the same place, planned later and not ended. One that has ended may have been planned
 * earlier, by a clock that was ahead. The auditor only inserts jobs, so that whoever approves or carries out a job asks this
 * first, and withdraws it where there is a younger one.
 */
export async function youngerJob(job: RemediationJob, jobs: Pick<JobStore, 'list'>): Promise<RemediationJob | null> {
  const episodes = new Map(job.findings.map(({ id, episode }) => [id, episode]));
  const keys = keysOf(job);
  let youngest = job;
  for await (const { job: other, state } of jobs.list()) {
    if (isSettled(state) && state !== 'dry-run') continue;
    if (other.jobId === job.jobId || other.plan.action !== job.plan.action) continue;
    // What takes a job back is no younger plan of it, nor the other way round.
    if ((other.undoOf ?? null) !== (job.undoOf ?? null)) continue;
    if (other.plan.target.id.toLowerCase() !== job.plan.target.id.toLowerCase()) continue;
    if (!other.findings.some(({ id, episode }) => episode >= (episodes.get(id) ?? Infinity))) continue;
    if (!isForOneOf(other, keys)) continue;
    if (isYounger(other, youngest)) youngest = other;
  }
  return youngest === job ? null : youngest;
}

/** A person may try a job again for a place that its account has left; findings are known by the account's name alone. */
function isForOneOf(job: RemediationJob, keys: readonly string[]): boolean {
  const others = keysOf(job);
  return others.length + keys.length === 0 || others.some((key) => keys.includes(key));
}

function keysOf({ accounts }: RemediationJob): readonly string[] {
  return accounts.map(({ id }) => id.toLowerCase());
}

function isYounger(a: RemediationJob, b: RemediationJob): boolean {
  return a.createdAt === b.createdAt ? a.attempt > b.attempt : a.createdAt > b.createdAt;
}
