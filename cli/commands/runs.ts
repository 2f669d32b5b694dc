import type { Run } from '../../domain/audit/run.ts';
import { latencyByPlane } from '../../domain/audit/latency.ts';
import { nearest } from '../../infra/nearest.ts';
import type { Store } from '../../infra/store.ts';
import { exitCode, UsageError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { withStore } from '../open-store.ts';
import { jsonOf } from '../report/json-of.ts';
import { runDocument, wholeRunDocument } from '../report/run-document.ts';
import { runText, type WholeRun } from '../report/run-text.ts';
import { runsTable } from '../report/runs-table.ts';

export interface RunsListOptions {
  readonly last: number;
  readonly format: 'table' | 'json';
}

export interface RunsShowOptions {
  readonly format: 'table' | 'json';
}

/** Runs looked at for the one after a run, and alerts for their latency: older ones show none. */
const runsBack = 60;
const alertsBack = 5000;

/** Lists runs, newest first. @returns the exit code */
export async function listRuns({ last, format }: RunsListOptions, io: Io): Promise<number> {
  return withStore(io, async (store) => {
    const runs = await store.runs.latest(last);
    if (format === 'json') io.stdout.write(jsonOf({ schema: 'kerbwatch.runs/v1', runs: runs.map(runDocument) }));
    else
      io.stdout.write(runs.length === 0 ? `No audit has run with the store at ${store.host} yet.\n` : runsTable(runs));
    return exitCode.clean;
  });
}

/** Shows one run: what it found, and what it could not read. @param typed its id, or `latest` @returns 3 where it has gaps */
export async function showRun(typed: string, { format }: RunsShowOptions, io: Io): Promise<number> {
  return withStore(io, async (store) => {
    const whole = await readWhole(await findRun(typed.trim(), store), store);
    io.stdout.write(format === 'json' ? jsonOf(wholeRunDocument(whole)) : runText(whole));
    return whole.run.gaps.length > 0 ? exitCode.incomplete : exitCode.clean;
  });
}

async function readWhole(run: Run, { runs, latencies }: Store): Promise<WholeRun> {
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

async function findRun(typed: string, { runs, host }: Store): Promise<Run> {
  if (typed.toLowerCase() === 'latest') {
    const [latest] = await runs.latest(1);
    if (latest === undefined) throw new UsageError(`No audit has run with the store at ${host} yet.`);
    return latest;
  }
  const found = /^[\w.:-]{1,128}$/u.test(typed) ? await runs.find(typed) : null;
  if (found !== null) return found;
  const ids = (await runs.latest(runsBack)).map(({ id }) => id);
  const meant = nearest(typed, ids);
  const hint = meant === null ? 'kerbwatch runs list shows those there are.' : `Did you mean ${meant}?`;
  throw new UsageError(`There is no run ${typed}. ${hint}`);
}
