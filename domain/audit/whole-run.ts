import type { Coverage } from '../model/coverage.ts';
import { type AlertTimes, latencyByPlane, type LatencyFigures } from './latency.ts';
import type { Plane } from '../findings/finding.ts';
import type { RunStore } from './ports.ts';
import type { Run } from './run.ts';

/** A run with all that the store holds of it. */
export interface WholeRun {
  readonly run: Run;
  readonly coverage: readonly Coverage[];
  readonly shardsDone: number;
  /** Of the alerts that were handed over between its start and that of the next run. */
  readonly latency: Readonly<Record<Plane, LatencyFigures>>;
}

export interface WholeRunPorts {
  readonly runs: RunStore;
  readonly latencies: { latest(count: number): Promise<readonly AlertTimes[]> };
}

/** Runs looked at for the one after a run, and alerts for their latency: older ones show none. */
export const runsBack = 60;
const alertsBack = 5000;

/** The run as the store knows it, with its coverage ledger. */
export async function wholeRun(run: Run, { runs, latencies }: WholeRunPorts): Promise<WholeRun> {
  const recent = await runs.latest(runsBack);
  const at = recent.findIndex(({ id }) => id === run.id);
  const until = at === -1 ? null : (recent[at - 1]?.startedAt ?? Infinity);
  const alerts = until === null ? [] : await latencies.latest(alertsBack);
  const since = alerts.filter(
    ({ handedOverAt }) => handedOverAt >= run.startedAt && until !== null && handedOverAt < until,
  );
  return {
    run,
    coverage: await runs.coverage(run.id),
    shardsDone: (await runs.shards(run.id)).filter(({ tally }) => tally !== null).length,
    latency: latencyByPlane(since),
  };
}
