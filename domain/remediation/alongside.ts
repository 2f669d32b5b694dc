import type { Effect } from '../audit/ports.ts';
import type { Finding } from '../findings/finding.ts';
import type { Settings } from '../model/settings.ts';
import { modeOf } from './job-of-plan.ts';
import type { Digest } from './job.ts';
import type { Planned } from './planned.ts';
import { actionsOf, policyRepairsOf } from './repair.ts';
import { placeOfFinding } from './repair-task.ts';
import { repairWork } from './repair-work.ts';

export interface AlongsideRequest {
  readonly finding: Finding;
  /** What mends the finding by itself; null: nobody looked. */
  readonly planned: Planned | null;
  readonly settings: Settings;
  /** Epoch milliseconds, UTC. */
  readonly now: number;
  /** Run or event that led to the finding. */
  readonly correlationId: string;
  readonly digest: Digest;
}

/**
 * What leaves with a finding beside its own job and its alert: the planning of what one policy breaks, where settings do
 * not switch its action off, and the task for a person where no plan may mend it.
 */
export function alongside({ finding, planned, ...request }: AlongsideRequest): readonly Effect[] {
  const { settings, correlationId, now } = request;
  const repairs = finding.outcome === 'fail' ? policyRepairsOf(finding) : [];
  const works = repairs
    .filter((repair) => actionsOf(repair).some((action) => modeOf(action, settings) !== 'off'))
    .map((repair): Effect => ({ kind: 'work', ...repairWork(repair, correlationId, request) }));
  if (planned?.kind !== 'manual') return works;
  const findings = [{ id: finding.id, episode: finding.episode }];
  const task = { ...placeOfFinding(finding), findings, task: planned.task, correlationId, createdAt: now };
  return [...works, { kind: 'task', task }];
}
