import type { JobWrite } from './job-progress.ts';
import type { RemediationJob } from './job.ts';
import type { RemediationPlan } from './plan.ts';

/**
 * What a job wrote, or was about to, kept where the remediator alone writes: rows of table `jobs` are the auditor's too, so
 * that nothing in them says what may be written, taken back, or was written already.
 */
export interface WriteRecord {
  readonly jobId: string;
  readonly attempt: number;
  readonly tenantId: string;
  /** As they were planned again from facts of that moment. */
  readonly plan: RemediationPlan;
  readonly accounts: RemediationJob['accounts'];
  /** Id of the job that it took back; null for a repair. */
  readonly undoOf: string | null;
  /** null: it was about to write, and did not. */
  readonly write: JobWrite | null;
}

/** The latest write of an action to an object: after one that took it back, a person decides on the next. */
export interface LatestWrite {
  readonly jobId: string;
  readonly undoOf: string | null;
  /** Epoch milliseconds, UTC. */
  readonly at: number;
}

/** Table `approvals`, partitions `write` and `latest-write`. */
export interface WriteRecords {
  find(jobId: string): Promise<{ readonly record: WriteRecord; readonly version: string } | null>;
  /** @param version null: there is none. @returns false when somebody else wrote first. */
  replace(record: WriteRecord, version: string | null): Promise<boolean>;
  /** @param targetId any case */
  latest(action: string, targetId: string): Promise<LatestWrite | null>;
  setLatest(action: string, targetId: string, latest: LatestWrite): Promise<void>;
}
