import type { ApprovalStore } from '../remediation/approval.ts';
import type { JobStore, Messages, SweepLog } from './ports.ts';

export interface RepairJobsPorts {
  readonly jobs: JobStore;
  /** Read, never written: an approved job is sent with who approved it. */
  readonly approvals: Pick<ApprovalStore, 'find'>;
  readonly messages: Messages;
  readonly sweeps: SweepLog;
  readonly now: () => number;
}

/** Long after the dispatcher has sent it, and the remediator has begun. */
const tooLongMs = 30 * 60_000;

/**
 * Sends once more the message of a job that has been stored as queued for half an hour. Its id is the same, so that the
 * broker drops it where the first is still there; a job that was carried out meanwhile is not carried out again.
 */
export async function repairJobs(ports: RepairJobsPorts): Promise<readonly string[]> {
  const done: string[] = [];
  const now = ports.now();
  for await (const { job } of ports.jobs.list('queued')) {
    const waiting = now - Math.max(job.createdAt, job.notBefore);
    if (waiting <= tooLongMs || now >= job.expiresAt) continue;
    const key = `job~${job.jobId}~${String(job.attempt)}`;
    if (await ports.sweeps.has(key)) continue;
    const approval = job.approvalRequired ? await ports.approvals.find(job.jobId, job.attempt) : null;
    // Without one it is a person's turn, and nobody may carry it out.
    if (job.approvalRequired && approval?.decision !== 'approved') continue;
    await ports.messages.job(job, { approval });
    await ports.sweeps.mark(key, now);
    done.push(`Job ${job.jobId}: its message was sent once more, since nobody had taken it`);
  }
  return done;
}
