import type { RemediationJob } from './job.ts';
import { approvalLifeMs } from './job-of-plan.ts';
import type { WriteRecords } from './write-record.ts';

/**
 * The job as it is stored: one that mends what a person had taken back waits for a person, whatever the mode says, or the two
 * would undo each other. Whoever carries it out asks again (`may-run.ts`).
 */
export async function heldIfTakenBack(
  job: RemediationJob,
  records: Pick<WriteRecords, 'latest'>,
): Promise<RemediationJob> {
  if (job.dryRun || job.approvalRequired) return job;
  const latest = await records.latest(job.plan.action, job.plan.target.id);
  return (latest?.undoOf ?? null) === null ? job : heldForPerson(job, job.createdAt);
}

/** A person may be away for as long as with any other. @param now epoch milliseconds, UTC */
export function heldForPerson(job: RemediationJob, now: number): RemediationJob {
  return { ...job, approvalRequired: true, expiresAt: now + approvalLifeMs };
}
