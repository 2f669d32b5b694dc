import type { Alert } from '../findings/alert.ts';
import { worstSeverity } from '../findings/reduce.ts';
import type { Outbox, RunStore } from './ports.ts';
import { emptyTally, type Tally } from './run.ts';

export interface FinishRunPorts {
  readonly runs: RunStore;
  readonly outbox: Outbox;
  readonly now: () => number;
}

/**
 * Closes a run when its last shard is done: the summary of a baseline goes to the outbox, its subscriptions count as
 * audited, the run gets its tally. Safe to call after every shard, and again after a crash.
 * @returns whether the run is finished.
 */
export async function finishRun(runId: string, ports: FinishRunPorts): Promise<boolean> {
  const run = await ports.runs.find(runId);
  // Once finished its summary is told; a shard that comes again must not tell it anew.
  if (run !== null && run.finishedAt !== null) return true;
  const shards = await ports.runs.shards(runId);
  const tallies = shards.flatMap(({ tally }) => (tally === null ? [] : [tally]));
  if (tallies.length < shards.length) return false;
  const total = tallies.reduce(add, emptyTally);
  const baseline = shards.filter(({ shard }) => shard.baseline).map(({ shard }) => shard.subscriptionId);
  const finishedAt = ports.now();
  if (total.baselined > 0) {
    await ports.outbox.add(`run~${runId}`, [
      { kind: 'alert', alert: summary(runId, total, new Set(baseline).size, finishedAt) },
    ]);
  }
  if (baseline.length > 0) await ports.runs.markBaselined([...new Set(baseline)]);
  await ports.runs.finish(runId, finishedAt, total);
  return true;
}

function summary(runId: string, total: Tally, subscriptions: number, at: number): Alert {
  return {
    id: `run/${runId}`,
    findingIds: [],
    transition: 'summary',
    rule: null,
    severity: total.worst ?? 'info',
    title:
      `First audit of ${String(subscriptions)} ${subscriptions === 1 ? 'subscription' : 'subscriptions'}: ` +
      `${String(total.baselined)} findings are open. From now on each change is told on its own.`,
    accounts: [],
    actor: null,
    at,
    link: 'docs/getting-started.md',
  };
}

function add(a: Tally, b: Tally): Tally {
  return {
    verdicts: {
      pass: a.verdicts.pass + b.verdicts.pass,
      fail: a.verdicts.fail + b.verdicts.fail,
      warn: a.verdicts.warn + b.verdicts.warn,
      unknown: a.verdicts.unknown + b.verdicts.unknown,
      'not-applicable': a.verdicts['not-applicable'] + b.verdicts['not-applicable'],
    },
    opened: a.opened + b.opened,
    reopened: a.reopened + b.reopened,
    resolved: a.resolved + b.resolved,
    baselined: a.baselined + b.baselined,
    worst: a.worst === null ? b.worst : b.worst === null ? a.worst : worstSeverity(a.worst, b.worst),
  };
}
