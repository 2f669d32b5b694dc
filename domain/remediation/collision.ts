import type { JobReport, QueuedWork, StoredJob } from '../audit/ports.ts';
import type { Collision } from '../model/collision.ts';
import type { Json } from '../model/verdict.ts';
import { valueAt } from './guarded-values.ts';
import type { PlannedCall } from './plan.ts';

/**
 * The message that has the auditor open a finding, or close it once a person has looked: the remediator itself never writes
 * one. null where the job met nobody.
 * @param clearedAt when a person released the action, epoch milliseconds: what tells of the collision later is older news
 */
export function collisionWork({ job, report }: StoredJob, clearedAt: number | null = null): QueuedWork | null {
  const [call] = job.plan.calls;
  if (call === undefined || report === null || !isCollision(report)) return null;
  const { overwritten } = report;
  const { wanted, found } = overwritten?.state === 'found' ? overwritten : differing(call, report.after);
  const collision: Collision = {
    jobId: job.jobId,
    attempt: job.attempt,
    action: job.plan.action,
    target: job.plan.target,
    wanted,
    found,
    at: clearedAt ?? report.at,
    cleared: clearedAt !== null,
  };
  return {
    messageId: `collision:${job.jobId}:${String(job.attempt)}${clearedAt === null ? '' : ':cleared'}`,
    work: { kind: 'collision', collision },
    notBefore: null,
  };
}

/** Whether somebody else's change met what the job wrote: seen right after it, or in the records later. */
export function isCollision({ followUp, overwritten }: JobReport): boolean {
  return followUp === 'collision' || overwritten?.state === 'found';
}

function differing({ reads: { afterwards = {} } }: PlannedCall, after: unknown): Pick<Collision, 'wanted' | 'found'> {
  const entries = Object.entries(afterwards).flatMap(([pointer, wanted]) => {
    const found = (valueAt(after, pointer) ?? null) as Json;
    return JSON.stringify(found) === JSON.stringify(wanted) ? [] : [{ pointer, wanted, found }];
  });
  return {
    wanted: Object.fromEntries(entries.map(({ pointer, wanted }) => [pointer, wanted])),
    found: Object.fromEntries(entries.map(({ pointer, found }) => [pointer, found])),
  };
}
