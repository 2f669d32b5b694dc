import type { StoredJob } from '../../domain/audit/ports.ts';
import { isoTime } from '../../infra/documents/iso-time.ts';

/** A repair as JSON: what it is and how far it got; without its plan. */
export function jobDocument({ job, state, report }: StoredJob): object {
  return {
    id: job.jobId,
    action: job.plan.action,
    state,
    attempt: job.attempt,
    createdAt: isoTime(job.createdAt),
    expiresAt: isoTime(job.expiresAt),
    report: report === null ? null : { at: isoTime(report.at), reason: report.reason, actor: report.actor },
  };
}
