import { isFaulty } from '../findings/lifecycle.ts';
import { noSubscription } from '../findings/place.ts';
import { worstSeverity } from '../findings/reduce.ts';
import type { Gap } from '../model/collection.ts';
import type { CollectionRead, Coverage } from '../model/coverage.ts';
import type { Settings } from '../model/settings.ts';
import type { Severity } from '../model/verdict.ts';
import { readOf } from './collection-reads.ts';
import type { ChangeHistory, Digest } from './drift-ports.ts';
import { foldedGaps } from './gaps.ts';
import { lastFinishedBefore } from './coverage-ledger.ts';
import { fileServiceCoverage } from './file-service-coverage.ts';
import { judgeCoverage, type JudgeCoveragePorts } from './judge-coverage.ts';
import type { Outbox, RunStore } from './ports.ts';
import { summary, unfinished } from './run-alerts.ts';
import type { Run, ShardTally, Tally } from './run.ts';
import { countTransitions, sumOfRequests, sumOfTallies } from './tally.ts';

export interface FinishRunPorts extends JudgeCoveragePorts {
  readonly runs: RunStore;
  readonly outbox: Outbox;
  readonly changes: Pick<ChangeHistory, 'attributedBetween'>;
}

/**
 * Closes a run when its last shard is done: the coverage ledger gets what shards read and is judged, the summary of a
 * baseline goes to the outbox, its subscriptions count as audited, the run gets its tally and its digest, and the gaps and
 * requests of its shards. Safe to call after every shard, and again after a crash.
 * @param without whether a run is finished without the shards that are not done: it then has a gap for each of their
 * subscriptions, those do not count as audited, and an alert says so.
 * @returns whether the run is finished.
 */
export async function finishRun(
  runId: string,
  settings: Settings,
  ports: FinishRunPorts,
  { without = false }: { readonly without?: boolean } = {},
): Promise<boolean> {
  const run = await ports.runs.find(runId);
  // Once finished its summary is told; a shard that comes again must not tell it anew.
  if (run?.finishedAt !== null) return run !== null;
  const shards = await ports.runs.shards(runId);
  const tallies = shards.flatMap(({ tally }) => (tally === null ? [] : [tally]));
  const undone = new Set(shards.filter(({ tally }) => tally === null).map(({ shard }) => shard.subscriptionId));
  if (undone.size > 0 && !without) return false;
  const first = new Set(shards.filter(({ shard }) => shard.baseline).map(({ shard }) => shard.subscriptionId));
  const baseline = new Set([...first].filter((subscriptionId) => !undone.has(subscriptionId)));
  const lost = await judgeCoverage(
    run,
    await wholeLedger(run, tallies, undone, ports),
    first.has(noSubscription),
    settings,
    ports,
  );
  const total = await withBaseline(sumOfTallies([...tallies, countTransitions(lost)]), baseline, ports);
  const finishedAt = ports.now();
  if (total.baselined > 0) {
    await ports.outbox.add(`run~${runId}`, [{ kind: 'alert', alert: summary(runId, total, baseline, finishedAt) }]);
  }
  if (undone.size > 0) {
    await ports.outbox.add(`run~${runId}~unfinished`, [
      { kind: 'alert', alert: unfinished(runId, shards.length - tallies.length, undone, finishedAt) },
    ]);
  }
  if (baseline.size > 0) await ports.runs.markBaselined([...baseline]);
  const digest = await digestOf(run, ports);
  await ports.runs.finish({
    ...run,
    digest,
    finishedAt,
    gaps: foldedGaps([...run.gaps, ...tallies.flatMap(({ gaps }) => gaps), ...[...undone].map(notAudited)]),
    requests: sumOfRequests([run.requests, ...tallies.map(({ requests }) => requests)]),
    tally: total,
  });
  return true;
}

/** As many as a run's row holds well; the rest are counted. */
const digestNames = 50;

/** Who made changes, as far as it was found out since the run before began; nobody is alerted of it again. */
async function digestOf(
  { startedAt }: Run,
  { runs, changes }: Pick<FinishRunPorts, 'runs' | 'changes'>,
): Promise<Digest> {
  const previous = await lastFinishedBefore(startedAt, runs);
  return previous === null
    ? { count: 0, changes: [] }
    : changes.attributedBetween(previous.startedAt, startedAt, digestNames);
}

/**
 * The tally with all that is open where a first audit was: not only what its shards saw, but what events opened meanwhile,
 * of which nobody was told on its own.
 */
async function withBaseline(
  total: Tally,
  baseline: ReadonlySet<string>,
  { findings }: Pick<FinishRunPorts, 'findings'>,
): Promise<Tally> {
  const open: Severity[] = [];
  for (const partition of baseline) {
    for (const { finding } of await findings.readAll(partition)) {
      if (isFaulty(finding.state) && finding.state !== 'waived') open.push(finding.severity);
    }
  }
  const told = [...open, ...(total.worst === null ? [] : [total.worst])].filter((severity) => severity !== 'info');
  const worst = told.reduce<Severity | null>((a, b) => (a === null ? b : worstSeverity(a, b)), null);
  return { ...total, baselined: open.length, worst };
}

/** The run's ledger with the file services, which its shards read; those are kept with it. */
async function wholeLedger(
  { id, startedAt }: Run,
  tallies: readonly ShardTally[],
  undone: ReadonlySet<string>,
  { runs }: FinishRunPorts,
): Promise<readonly Coverage[]> {
  const ledger = (await runs.coverage(id)).filter(({ collection }) => collection !== 'file-services');
  const previous = await lastFinishedBefore(startedAt, runs);
  const before = previous === null ? [] : await runs.coverage(previous.id);
  const ofShards = fileServiceCoverage(
    [...tallies.flatMap(({ reads }) => reads ?? []), ...unreadIn(undone, before)],
    ledger,
    before,
    startedAt,
  );
  await runs.keepCoverage(id, ofShards);
  return [...ledger, ...ofShards];
}

/** File services that were read before, in subscriptions of shards that were never done. */
function unreadIn(undone: ReadonlySet<string>, before: readonly Coverage[]): readonly CollectionRead[] {
  return before
    .filter(({ collection, place }) => collection === 'file-services' && undone.has(place))
    .map(({ collection, place }) => readOf(collection, place, 0, null, [{ reason: 'unreachable', needs: null }]));
}

function notAudited(subscriptionId: string): Gap {
  const scope = subscriptionId === noSubscription ? 'tenant' : `/subscriptions/${subscriptionId}`;
  return { collection: 'storage-accounts', scope, reason: 'unreachable', needs: null };
}
