import type { Run } from '../../../domain/audit/run.ts';
import type { RunStore } from '../../../domain/audit/ports.ts';
import { refused } from '../refusals.ts';
import { shown } from '../said-of-issue.ts';

/** The run that a path names, `latest` for the newest. @throws RequestRefused where there is none. */
export async function askedRun(id: string, runs: Pick<RunStore, 'find' | 'latest'>): Promise<Run> {
  if (id === 'latest') {
    const [latest] = await runs.latest(1);
    if (latest !== undefined) return latest;
    throw refused('not-found', 'No audit has run yet.');
  }
  // What cannot be the key of a row was never one.
  const run = /^[\w.:-]{1,128}$/u.test(id) ? await runs.find(id) : null;
  if (run === null) throw refused('not-found', `There is no run ${shown(id)}; GET /runs lists those there are.`);
  return run;
}
