import type { CapturedEstate } from '../../../domain/audit/ports.ts';
import type { Run } from '../../../domain/audit/run.ts';
import { itemsOf } from '../../../domain/model/collection.ts';
import type { Simulation } from '../simulation.ts';
import { orphanRule } from '../truth.ts';
import { alerts } from './alerts.ts';
import { coverageAtEnd, coverageOfRun } from './coverage.ts';
import { faultsAndFindings } from './faults-and-findings.ts';
import { history } from './history.ts';
import { jobs } from './jobs.ts';
import { leftBehind } from './left-behind.ts';
import { proof } from './proof.ts';
import { runs } from './runs.ts';
import { waivers } from './waivers.ts';

/** A fault is known when a run is finished that read it; what the run could not read it need not know. */
export function checkRun(simulation: Simulation, run: Run): void {
  const captured = simulation.files.captured.get(run.id);
  if (captured === undefined) return;
  coverageOfRun(simulation, run);
  if (!isWhole(captured)) return;
  const { storageAccounts, reach } = captured;
  const listed = new Set(itemsOf(storageAccounts).map(({ key }) => key));
  faultsAndFindings(simulation, {
    unchangedSince: run.startedAt,
    isLookedAt: (key, rule) =>
      rule === orphanRule ? reach.seen?.length === 3 && simulation.weather.calm : listed.has(key),
    when: `after run ${run.id}`,
  });
}

function isWhole({ directory, storageAccounts }: CapturedEstate): boolean {
  const { applications, servicePrincipals, oauth2PermissionGrants, conditionalAccessPolicies } = directory;
  const lists = [applications, servicePrincipals, oauth2PermissionGrants, conditionalAccessPolicies, storageAccounts];
  return lists.every(({ state }) => state === 'known');
}

/** What events and the directory watch bring is known within the hour, without a run, of accounts that the last run has read whole with their apps. */
export function checkNoticed(simulation: Simulation, accountKeys: ReadonlySet<string>, changedSince: number): void {
  const { witness, files } = simulation;
  const last = witness.finishedRuns.at(-1);
  const captured = last === undefined ? undefined : files.captured.get(last.id);
  if (last === undefined || captured === undefined || !isWhole(captured)) return;
  const listed = new Set(itemsOf(captured.storageAccounts).map(({ key }) => key));
  const isLinked = (key: string): boolean =>
    listed.has(key) && !simulation.tenant.wasAbsent(key, last.startedAt, simulation.timeline.now());
  // Policies have no delta: what was changed and changed back between two looks is for the night to find.
  const isUndone = (key: string, rule: string): boolean =>
    rule === 'mfa-excluded' && simulation.truth.changes(key, rule, changedSince) > 1;
  faultsAndFindings(simulation, {
    changedSince,
    unchangedSince: simulation.timeline.now() - 30 * 60_000,
    isLookedAt: (key, rule) =>
      accountKeys.has(key) && isLinked(key) && rule !== 'sp-password-expiry' && !isUndone(key, rule),
    when: 'an hour after it changed, in peace',
  });
}

/** When all has been calm for two nights. */
export function checkAtEnd(simulation: Simulation): void {
  faultsAndFindings(simulation, {
    unchangedSince: simulation.timeline.now() - 24 * 3_600_000,
    when: 'after two calm nights',
  });
  proof(simulation);
  history(simulation);
  alerts(simulation);
  jobs(simulation);
  waivers(simulation);
  coverageAtEnd(simulation);
  leftBehind(simulation);
  runs(simulation);
}
