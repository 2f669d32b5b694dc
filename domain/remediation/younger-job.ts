import type { JobStore } from '../audit/ports.ts';
import { isSettled, type RemediationJob } from './job.ts';

/**
 * The youngest stored job that takes this one's place: the same action on the same object for some of the same findings in
 * the same episode or a later one, planned later and not ended. One that has ended may have been planned earlier, by a clock
 * that was ahead. The auditor only inserts jobs, so that whoever approves or carries out a job asks this first, and withdraws
 * it where there is a younger one.
 */
export async function youngerJob(job: RemediationJob, jobs: Pick<JobStore, 'list'>): Promise<RemediationJob | null> {
  const episodes = new Map(job.findings.map(({ id, episode }) => [id, episode]));
  let youngest = job;
  for await (const { job: other, state } of jobs.list()) {
    if (isSettled(state) && state !== 'dry-run') continue;
    if (other.jobId === job.jobId || other.plan.action !== job.plan.action) continue;
    // What takes a job back is no younger plan of it, nor the other way round.
    if ((other.undoOf ?? null) !== (job.undoOf ?? null)) continue;
    if (other.plan.target.id.toLowerCase() !== job.plan.target.id.toLowerCase()) continue;
    if (!other.findings.some(({ id, episode }) => episode >= (episodes.get(id) ?? Infinity))) continue;
    if (isYounger(other, youngest)) youngest = other;
  }
  return youngest === job ? null : youngest;
}

function isYounger(a: RemediationJob, b: RemediationJob): boolean {
  return a.createdAt === b.createdAt ? a.attempt > b.attempt : a.createdAt > b.createdAt;
}
