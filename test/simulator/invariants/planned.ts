import { placeOf } from '../../../domain/findings/place.ts';
import { taskPartition } from '../../../infra/azure/tables/job-store.ts';
import { storedTask } from '../../../infra/azure/tables/task-store.ts';
import type { Simulation } from '../simulation.ts';
import { type JobRow, jobRows } from './job-rows.ts';
import { instant, storedFindings } from './stored.ts';

const hour = 3_600_000;
/** The sweep plans what an audit does not, and waits for the facts it takes. */
const plannedWithin = 12 * hour;
/** What was tried so often to no avail waits for a person. */
const mostTries = 3;

/** What mends each rule (docs/remediation.md); of two, which one is told by the fault. */
const actionsOf: Readonly<Record<string, readonly string[]>> = {
  'consent-granted': ['grant-consent', 'add-missing-scopes'],
  'app-assignment-not-required': ['assignment-not-required'],
  'private-link-spn': ['add-privatelink-uris'],
  'cloud-only-group-tag': ['add-cloud-group-tag'],
  'kerberos-aes256-allowed': ['allow-aes256-kerberos'],
};

/** What is open and an action mends that settings switch on has a job, or a task for a person; and no job was ended for one that never came. */
export function planned(simulation: Simulation): void {
  const { settings, timeline, violations, store, witness } = simulation;
  const rows = jobRows(simulation);
  const tasks = store.jobs.page({ partitionKey: taskPartition }, Infinity, null).map(storedTask);
  const isOn = (action: string): boolean => ['approve', 'auto'].includes(settings.remediation[action] ?? 'dry-run');
  for (const [id, finding] of storedFindings(simulation)) {
    const actions = actionsOf[finding.rule] ?? [];
    if (finding.state !== 'open' || finding.outcome !== 'fail' || !actions.every(isOn)) continue;
    if (actions.length === 0 || finding.changedAt > timeline.now() - plannedWithin) continue;
    // A first audit plans nothing, and a sweep after it only once.
    if (finding.openedAt < (witness.baselinedAt.get(placeOf(finding).partition) ?? Infinity) + hour) continue;
    const isAbout = (about: { readonly id: string; readonly episode: number }): boolean =>
      about.id === finding.id && about.episode === finding.episode;
    if (tasks.some(({ place, findings }) => place === placeOf(finding).key && findings.some(isAbout))) continue;
    const jobs = rows.filter(({ job }) => job.findings.some(isAbout));
    const told = `${id}, open since ${instant(finding.changedAt)}`;
    if (jobs.length === 0) violations.add(`Nobody has planned how to mend ${told}`);
    else if (jobs.length < mostTries && jobs.every((row) => isForAnother(row, timeline.now())))
      violations.add(`Nobody has planned anew how to mend ${told}: ${jobs.map(({ state }) => state).join(', ')}`);
  }
}

/** Whether a job ended, or lapsed, so that another may be planned. */
function isForAnother({ job, state }: JobRow, now: number): boolean {
  return state === 'withdrawn' || (state === 'awaiting-approval' && now > job.expiresAt + plannedWithin);
}
