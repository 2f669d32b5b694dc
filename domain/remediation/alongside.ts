import type { Effect } from '../audit/ports.ts';
import type { Finding } from '../findings/finding.ts';
import { gapsOf } from '../model/collection.ts';
import type { Settings } from '../model/settings.ts';
import type { Directory } from '../rules/directory.ts';
import { modeOf } from './job-of-plan.ts';
import type { Digest } from './job.ts';
import type { Planned } from './planned.ts';
import { actionsOf, policyRepairsOf, repairsOf } from './repair.ts';
import { placeOfFinding } from './repair-task.ts';
import { repairWork } from './repair-work.ts';

export interface AlongsideRequest {
  readonly finding: Finding;
  /** What mends the finding by itself; null: nobody looked. */
  readonly planned: Planned | null;
  /** What was read of it. */
  readonly directory: Directory;
  readonly settings: Settings;
  /** Epoch milliseconds, UTC. */
  readonly now: number;
  /** Run or event that led to the finding. */
  readonly correlationId: string;
  readonly digest: Digest;
}

/**
 * What leaves with a finding beside its own job and its alert: the planning of what one policy breaks, where settings do
 * not switch its action off, and the task for a person where no plan may mend it. A fault may be certain though a list that its
 * plan rests on was not read whole: then it is planned by itself, from what is read anew, for no later audit sees it open.
 */
export function alongside({ finding, planned, directory, ...request }: AlongsideRequest): readonly Effect[] {
  const { settings, correlationId, now } = request;
  const isLater = planned?.kind === 'none' && isCutShort(directory);
  const ofFinding = isLater ? repairsOf(finding) : policyRepairsOf(finding);
  const repairs = finding.outcome === 'fail' ? ofFinding : [];
  const works = repairs
    .filter((repair) => actionsOf(repair).some((action) => modeOf(action, settings) !== 'off'))
    .map((repair): Effect => ({ kind: 'work', ...repairWork(repair, correlationId, request) }));
  if (planned?.kind !== 'manual') return works;
  const findings = [{ id: finding.id, episode: finding.episode }];
  const task = { ...placeOfFinding(finding), findings, task: planned.task, correlationId, createdAt: now };
  return [...works, { kind: 'task', task }];
}

function isCutShort({ facts: { applications, servicePrincipals, oauth2PermissionGrants } }: Directory): boolean {
  return [applications, servicePrincipals, oauth2PermissionGrants].some((list) => gapsOf(list).length > 0);
}
