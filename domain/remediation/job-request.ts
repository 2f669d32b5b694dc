/** That a person asked for a job: for one that takes another back, or for a new attempt. */
export interface JobRequest {
  readonly jobId: string;
  /** Id of the job that is to be taken back; null: a new attempt at a repair. */
  readonly undoOf: string | null;
  /** Object id, lower case. */
  readonly by: string;
  /** Epoch milliseconds, UTC. */
  readonly at: number;
  /** What was asked for is done before, or not at all. Epoch milliseconds, UTC. */
  readonly expiresAt: number;
}

/**
 * Table `approvals`, partition `request`, which the remediator alone writes: who asked cannot be read from a row of table
 * `jobs`, which the auditor writes too.
 */
export interface JobRequests {
  find(jobId: string): Promise<JobRequest | null>;
  /** @returns the request that stands: the first for a job. */
  keep(request: JobRequest): Promise<JobRequest>;
}
