import type { CapturedEstate } from '../../../domain/audit/ports.ts';
import type { Run } from '../../../domain/audit/run.ts';
import { itemsOf } from '../../../domain/model/collection.ts';
import type { Simulation } from '../simulation.ts';
import { longestSkew } from '../weather.ts';
import { byTheCalendar, exclusionRule, orphanRule } from '../truth-faults.ts';
import { actors } from './actors.ts';
import { alerts } from './alerts.ts';
import { attributions } from './attributions.ts';
import { brakesHold } from './brakes-hold.ts';
import { coverageAtEnd, coverageOfRun } from './coverage.ts';
import { factChanges } from './fact-changes.ts';
import { faultsAndFindings } from './faults-and-findings.ts';
import { history } from './history.ts';
import { jobStates } from './job-states.ts';
import { jobs } from './jobs.ts';
import { leftBehind } from './left-behind.ts';
import { seenAtLastRun } from './noticed.ts';
import { planned } from './planned.ts';
import { proof } from './proof.ts';
import { restsOnYounger } from './readings.ts';
import { repairs } from './repairs.ts';
import { runs } from './runs.ts';
import { steps } from './steps.ts';
import { noWriteWithoutApproval } from './no-write-without-approval.ts';
import { tenantDiffersOnlyBy } from './tenant-differs-only-by.ts';
import type { TenantWrite } from '../tenant/executor.ts';
import { undoRestores } from './undo-restores.ts';
import { waiverWarnings } from './waiver-warnings.ts';
import { waivers } from './waivers.ts';
import { writesChangeOnly } from './writes-change-only.ts';
import { writesMend } from './writes-mend.ts';
import { writesOnlyByPlan } from './writes-only-by-plan.ts';

/** A fault is known when a run is finished that read it; what the run could not read it need not know. */
export function checkRun(simulation: Simulation, run: Run): void {
  const captured = simulation.files.captured.get(run.id);
  if (captured === undefined) return;
  coverageOfRun(simulation, run);
  if (!isWhole(captured)) return;
  const { storageAccounts, reach } = captured;
  // One such app of which it cannot be told hides what became of the others.
  const wasCalm = run.startedAt > simulation.weather.calmSince + longestSkew;
  // A shard whose message was struck to the last was never done, and the run says so.
  const undone = new Set(run.gaps.map(({ scope }) => scope));
  // A shard reads the parts of its accounts when its turn comes, which may be hours after the run began.
  const { forbidden, regainedAt } = simulation.tenant;
  const audited = itemsOf(storageAccounts).filter(
    ({ subscriptionId }) =>
      !undone.has(`/subscriptions/${subscriptionId}`) &&
      !forbidden.has(subscriptionId) &&
      (regainedAt.get(subscriptionId) ?? -Infinity) < run.startedAt,
  );
  const listed = new Set(audited.map(({ key }) => key));
  faultsAndFindings(simulation, {
    unchangedSince: run.startedAt - longestSkew,
    isLookedAt(key, rule) {
      if (rule === exclusionRule) return !undone.has('tenant');
      if (rule === orphanRule) return !undone.has('tenant') && reach.seen?.length === 3 && wasCalm;
      return listed.has(key);
    },
    when: `after run ${run.id}`,
  });
}

function isWhole({ directory, storageAccounts }: CapturedEstate): boolean {
  const { applications, servicePrincipals, oauth2PermissionGrants, conditionalAccessPolicies } = directory;
  const lists = [applications, servicePrincipals, oauth2PermissionGrants, conditionalAccessPolicies, storageAccounts];
  return lists.every(({ state }) => state === 'known');
}

/** What events and the directory watch bring is known within the hour, without a run, of accounts that could be read since the last run. */
export function checkNoticed(simulation: Simulation, accountKeys: ReadonlySet<string>, changedSince: number): void {
  const listed = seenAtLastRun(simulation);
  faultsAndFindings(simulation, {
    changedSince,
    unchangedSince: simulation.timeline.now() - 30 * 60_000,
    isLookedAt: (key, rule) => accountKeys.has(key) && listed.has(key) && rule !== byTheCalendar,
    when: 'an hour after it changed, in peace',
  });
}

/** As a write of the remediator takes effect. */
export function checkWrite(simulation: Simulation, write: TenantWrite): void {
  brakesHold(simulation, write);
  writesOnlyByPlan(simulation, write);
  writesMend(simulation, write);
  noWriteWithoutApproval(simulation, write);
}

/** When all has been calm for a night. */
export function checkAtEnd(simulation: Simulation): void {
  faultsAndFindings(simulation, {
    unchangedSince: simulation.timeline.now() - 24 * 3_600_000,
    when: 'after a calm night',
  });
  proof(simulation);
  factChanges(simulation);
  attributions(simulation);
  restsOnYounger(simulation);
  history(simulation);
  steps(simulation);
  actors(simulation);
  alerts(simulation);
  jobs(simulation);
  jobStates(simulation);
  undoRestores(simulation);
  writesChangeOnly(simulation);
  repairs(simulation);
  planned(simulation);
  tenantDiffersOnlyBy(simulation);
  waivers(simulation);
  waiverWarnings(simulation);
  coverageAtEnd(simulation);
  leftBehind(simulation);
  runs(simulation);
}
