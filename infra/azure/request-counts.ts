import type { RequestCounts } from '../estate-source.ts';

export function emptyCounts(): RequestCounts {
  return { resourceGraph: 0, graph: 0, arm: 0, throttled: 0 };
}

/** Counts an answer that says "later". */
export function countThrottled(counts: RequestCounts, status: number): void {
  if (status === 429 || status === 503) counts.throttled += 1;
}
