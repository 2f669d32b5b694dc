/** One JSON line for a job that ended, so that Application Insights can be asked for the count by action and outcome. */
export function remediationMetric(ended: {
  readonly jobId: string;
  readonly action: string;
  readonly outcome: string;
}): string {
  return JSON.stringify({ metric: 'kerbwatch.remediation', unit: 'count', value: 1, ...ended });
}
