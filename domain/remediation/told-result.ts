/** What a consumer says became of a job. */
export interface ToldResult {
  readonly jobId: string;
  readonly outcome: 'done' | 'failed' | 'refused' | 'dry-run';
}
