import type { Alert } from '../findings/alert.ts';
import type { Approval, ApprovalStore } from '../remediation/approval.ts';
import { claimMs } from '../remediation/job-progress.ts';
import type { JobStore, Messages, Outbox, StoredJob, SweepLog } from './ports.ts';

export interface RepairJobsPorts {
  readonly jobs: JobStore;
  /** Read, never written: an approved job is sent with who approved it. */
  readonly approvals: Pick<ApprovalStore, 'find'>;
  readonly messages: Messages;
  readonly outbox: Pick<Outbox, 'add'>;
  readonly sweeps: SweepLog;
  readonly now: () => number;
}

const minuteMs = 60_000;
/** Long after the dispatcher has sent a message and the remediator has begun. */
const tooLongMs = 30 * minuteMs;
/** How long nothing is heard of a job before each further message of it; there are no more. */
const resendAfterMs = [tooLongMs, 4 * tooLongMs, 12 * tooLongMs];
const tellAfterMs = 24 * tooLongMs;

/**
 * Sends once more the message of a job that nobody has taken, or that whoever took it left half done, when no message of it
 * can be on its way any more: a few times, each under an id of its own, since the broker drops one that it has seen. It is
 * claimed, planned again and compared like the first, so that one which turns up after all does nothing. Where all that was
 * in vain, a job that a person approved, or that may have written, is told once; any other lapses, and its finding tells.
 */
export async function repairJobs(ports: RepairJobsPorts): Promise<readonly string[]> {
  const done: string[] = [];
  const now = ports.now();
  for (const state of ['queued', 'running'] as const) {
    for await (const stored of ports.jobs.list(state)) {
      const { job } = stored;
      // One that was taken may have written, whenever it expires.
      if (state === 'queued' && now >= job.expiresAt) continue;
      if (now - lastHeardOf(stored, null) <= tooLongMs) continue;
      const approval = job.approvalRequired ? await ports.approvals.find(job.jobId, job.attempt) : null;
      // Without one it is a person's turn, and nobody may carry it out.
      if (job.approvalRequired && approval?.decision !== 'approved') continue;
      const did = await goOnWith(stored, approval, ports);
      if (did !== null) done.push(`Job ${job.jobId}: ${did}`);
    }
  }
  return done;
}

/** When it was stored, approved, taken, or to come back, whichever was last: until then somebody may be at it. */
function lastHeardOf({ job, progress }: StoredJob, approval: Approval | null): number {
  const { claimedUntil, comesBackAt, verifyAfter, write } = progress ?? {};
  return Math.max(
    job.createdAt,
    job.notBefore,
    approval?.at ?? 0,
    claimedUntil ?? 0,
    comesBackAt ?? 0,
    verifyAfter ?? 0,
    write ? write.intendedAt + claimMs : 0,
  );
}

async function goOnWith(
  stored: StoredJob,
  approval: Approval | null,
  { messages, outbox, sweeps, now }: RepairJobsPorts,
): Promise<string | null> {
  const { job, state } = stored;
  const quietMs = now() - lastHeardOf(stored, approval);
  const key = `job~${job.jobId}~${String(job.attempt)}`;
  for (const [index, afterMs] of resendAfterMs.entries()) {
    const sent = index === 0 ? key : `${key}~${String(index)}`;
    if (await sweeps.has(sent)) continue;
    if (quietMs <= afterMs) return null;
    await messages.job(job, { approval, resent: index + 1 });
    await sweeps.mark(sent, now());
    return `its message was sent once more, since nobody had ${state === 'running' ? 'gone on with it' : 'taken it'}`;
  }
  const told = `${key}~told`;
  if (quietMs <= tellAfterMs || (state === 'queued' && !job.approvalRequired) || (await sweeps.has(told))) return null;
  await outbox.add(told, [{ kind: 'alert', alert: alertOf(stored, now()) }]);
  await sweeps.mark(told, now());
  return 'nobody goes on with it, which was told';
}

/** Ids that the alert names. */
const named = 20;

function alertOf({ job, state, progress }: StoredJob, at: number): Alert {
  const { action, target } = job.plan;
  const left =
    state === 'queued'
      ? 'was approved, and nobody has taken it; see whether the remediator runs'
      : progress?.write
        ? 'was left after it may have written; compare the object with the job, and see whether the remediator runs'
        : 'was taken up and left before anything was written; see whether the remediator runs, and requeue the job when it has expired';
  return {
    id: `job/${job.jobId}/${String(job.attempt)}/left`,
    findingIds: job.findings.slice(0, named).map(({ id }) => id),
    transition: 'summary',
    rule: null,
    severity: 'high',
    title: `Job ${job.jobId} (${action} on ${target.name}) ${left}`,
    accounts: [],
    actor: null,
    actorConfidence: 'unknown',
    at,
    link: 'docs/remediation.md',
  };
}
