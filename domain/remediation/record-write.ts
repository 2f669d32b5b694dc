import type { StoredJob } from '../audit/ports.ts';
import { type JobWrite, notBegun } from './job-progress.ts';
import type { RemediationPlan } from './plan.ts';
import type { WriteRecords } from './write-record.ts';

interface Ports {
  readonly records: WriteRecords;
}

/**
 * Keeps what is about to be written, before it is. Two who both hold the row of the job, since somebody else wrote there too,
 * do not both get this.
 * @returns false where the job has written already, or somebody else is about to.
 */
export async function recordIntent(
  { job }: StoredJob,
  plan: RemediationPlan,
  write: JobWrite,
  { records }: Ports,
): Promise<boolean> {
  const { jobId, attempt, tenantId, accounts, undoOf = null } = job;
  const former = await records.find(jobId);
  if (former !== null && former.record.write !== null) return false;
  const record = { jobId, attempt, tenantId, plan, accounts, undoOf, write };
  if (!(await records.replace(record, former?.version ?? null))) return false;
  await records.setLatest(plan.action, plan.target.id, { jobId, undoOf, at: write.intendedAt });
  return true;
}

/** Keeps what has become known of a write since; null: it was not made. Does nothing for a job that was about to write nothing. */
export async function recordWrite(jobId: string, write: JobWrite | null, { records }: Ports): Promise<void> {
  const former = await records.find(jobId);
  if (former === null) return;
  const { record, version } = former;
  if (JSON.stringify(record.write) === JSON.stringify(write)) return;
  if (await records.replace({ ...record, write }, version)) return;
  await recordWrite(jobId, write, { records });
}

/**
 * The job as its record has it: what was written, by which plan, is never taken from its row. One that only its row calls
 * written has written nothing.
 */
export async function asRecorded(stored: StoredJob, { records }: Ports): Promise<StoredJob> {
  const found = await records.find(stored.job.jobId);
  const progress = stored.progress ?? null;
  const write = found?.record.write ?? null;
  if (found === null || write === null) {
    return progress === null ? stored : { ...stored, progress: { ...progress, write: null } };
  }
  const { plan, accounts, tenantId, undoOf } = found.record;
  const { undoOf: _, ...job } = stored.job;
  return {
    ...stored,
    job: { ...job, plan, accounts, tenantId, ...(undoOf === null ? {} : { undoOf }) },
    progress: { ...notBegun, ...progress, write },
  };
}
