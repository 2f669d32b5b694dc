import type { Run } from '../../../domain/audit/run.ts';
import type { Gap } from '../../../domain/model/collection.ts';
import { isFaulty } from '../../../domain/findings/lifecycle.ts';
import type { Simulation } from '../simulation.ts';
import { storedFindings } from './stored.ts';

/** What a run could not read that one before it could is told; and no more once all can be read again. */
export function coverageAtEnd(simulation: Simulation): void {
  for (const [id, { rule, state }] of storedFindings(simulation)) {
    if (rule === 'coverage-lost' && isFaulty(state))
      simulation.violations.add(`All can be read again, and ${id} is ${state}`);
  }
}

export function coverageOfRun(simulation: Simulation, run: Run): void {
  const { files, witness, violations } = simulation;
  // What was only throttled counts from the second run in a row (docs/coverage.md).
  const lost = lostIn(simulation, run.id, ['unavailable'], ({ reason }) => reason !== 'throttled');
  const before = witness.finishedRuns.filter(({ id, startedAt }) => id !== run.id && startedAt < run.startedAt);
  const [last] = before.sort((a, b) => b.startedAt - a.startedAt);
  if (last === undefined || lost.length === 0 || !files.captured.has(last.id)) return;
  const told = [...storedFindings(simulation).values()]
    .filter(({ rule, state }) => rule === 'coverage-lost' && isFaulty(state))
    .map(({ subject }) => subject);
  const lostBefore = new Set(lostIn(simulation, last.id, ['unavailable', 'partial']));
  for (const subject of lost) {
    if (!lostBefore.has(subject) && !told.includes(subject))
      violations.add(`Run ${run.id} could not read ${subject}, and nobody is told`);
  }
}

/** Lists of the directory that a run read in one of these states, as the subject of a finding. */
function lostIn(
  { files }: Simulation,
  runId: string,
  states: readonly string[],
  counts: (gap: Gap) => boolean = () => true,
): readonly string[] {
  const captured = files.captured.get(runId);
  if (captured === undefined) return [];
  const { applications, servicePrincipals, oauth2PermissionGrants, conditionalAccessPolicies } = captured.directory;
  const lists = { applications, servicePrincipals, oauth2PermissionGrants, conditionalAccessPolicies };
  return Object.values(lists).flatMap((list) =>
    list.state !== 'known' && states.includes(list.state)
      ? list.gaps.filter(counts).map(({ collection }) => `tenant:${collection}`)
      : [],
  );
}
