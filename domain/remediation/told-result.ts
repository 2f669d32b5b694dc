/** What a consumer says became of a job. */
export interface ToldResult {
  readonly jobId: string;
  readonly outcome: 'done' | 'failed' | 'refused' | 'dry-run';
  /** Stands for the message, letters and digits: the same where it is delivered again. Absent in what an older version put off. */
  readonly event?: string | undefined;
}
