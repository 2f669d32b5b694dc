import type { Run } from '../../domain/audit/run.ts';
import { runsBack, wholeRun } from '../../domain/audit/whole-run.ts';
import { nearest } from '../../infra/nearest.ts';
import type { Store } from '../../infra/store.ts';
import { exitCode, UsageError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { withStore } from '../open-store.ts';
import { jsonOf } from '../report/json-of.ts';
import { runDocument, wholeRunDocument } from '../../infra/documents/run-document.ts';
import { runText } from '../report/run-text.ts';
import { runsTable } from '../report/runs-table.ts';

export interface RunsListOptions {
  readonly last: number;
  readonly format: 'table' | 'json';
}

export interface RunsShowOptions {
  readonly format: 'table' | 'json';
}

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
    const whole = await wholeRun(await findRun(typed.trim(), store), store);
    io.stdout.write(format === 'json' ? jsonOf(wholeRunDocument(whole)) : runText(whole));
    return whole.run.gaps.length > 0 ? exitCode.incomplete : exitCode.clean;
  });
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
