import type { QueuedWork, StoredJob } from '../audit/ports.ts';
import type { Collision } from '../model/collision.ts';
import type { Json } from '../model/verdict.ts';
import { valueAt } from './guarded-values.ts';

/**
 * The message that has the auditor open a finding, or close it once a person has looked: the remediator itself never writes
 * one. null where the job recorded no read after its write.
 */
export function collisionWork({ job, report }: StoredJob, cleared = false): QueuedWork | null {
  const [call] = job.plan.calls;
  if (call === undefined || report === null) return null;
  const differing = Object.entries(call.reads.afterwards ?? {}).flatMap(([pointer, wanted]) => {
    const found = (valueAt(report.after, pointer) ?? null) as Json;
    return JSON.stringify(found) === JSON.stringify(wanted) ? [] : [{ pointer, wanted, found }];
  });
  const collision: Collision = {
    jobId: job.jobId,
    attempt: job.attempt,
    action: job.plan.action,
    target: job.plan.target,
    wanted: Object.fromEntries(differing.map(({ pointer, wanted }) => [pointer, wanted])),
    found: Object.fromEntries(differing.map(({ pointer, found }) => [pointer, found])),
    at: report.at,
    cleared,
  };
  return {
    messageId: `collision:${job.jobId}:${String(job.attempt)}${cleared ? ':cleared' : ''}`,
    work: { kind: 'collision', collision },
    notBefore: null,
  };
}
