import type { Alert } from '../findings/alert.ts';
import { noSubscription } from '../findings/place.ts';
import { foldedGaps } from './gaps.ts';
import type { Outbox, RunStore } from './ports.ts';
import type { Tally } from './run.ts';
import { sumOfRequests, sumOfTallies } from './tally.ts';

export interface FinishRunPorts {
  readonly runs: RunStore;
  readonly outbox: Outbox;
  readonly now: () => number;
}

/**
 * Closes a run when its last shard is done: the summary of a baseline goes to the outbox, its subscriptions count as
 * audited, the run gets its tally, and the gaps and requests of its shards. Safe to call after every shard, and again after a crash.
 * @returns whether the run is finished.
 */
export async function finishRun(runId: string, ports: FinishRunPorts): Promise<boolean> {
  const run = await ports.runs.find(runId);
  // Once finished its summary is told; a shard that comes again must not tell it anew.
  if (run?.finishedAt !== null) return run !== null;
  const shards = await ports.runs.shards(runId);
  const tallies = shards.flatMap(({ tally }) => (tally === null ? [] : [tally]));
  if (tallies.length < shards.length) return false;
  const total = sumOfTallies(tallies);
  const baseline = new Set(shards.filter(({ shard }) => shard.baseline).map(({ shard }) => shard.subscriptionId));
  const finishedAt = ports.now();
  if (total.baselined > 0) {
    await ports.outbox.add(`run~${runId}`, [{ kind: 'alert', alert: summary(runId, total, baseline, finishedAt) }]);
  }
  if (baseline.size > 0) await ports.runs.markBaselined([...baseline]);
  await ports.runs.finish({
    ...run,
    finishedAt,
    gaps: foldedGaps([...run.gaps, ...tallies.flatMap(({ gaps }) => gaps)]),
    requests: sumOfRequests([run.requests, ...tallies.map(({ requests }) => requests)]),
    tally: total,
  });
  return true;
}

function summary(runId: string, total: Tally, baseline: ReadonlySet<string>, at: number): Alert {
  const subscriptions = baseline.size - Number(baseline.has(noSubscription));
  const audited =
    subscriptions === 0
      ? "the tenant's own settings"
      : `${String(subscriptions)} ${subscriptions === 1 ? 'subscription' : 'subscriptions'}`;
  return {
    id: `run/${runId}`,
    findingIds: [],
    transition: 'summary',
    rule: null,
    severity: total.worst ?? 'info',
    title:
      `First audit of ${audited}: ` +
      `${String(total.baselined)} findings are open. From now on each change is told on its own.`,
    accounts: [],
    actor: null,
    at,
    link: 'docs/getting-started.md',
  };
}
