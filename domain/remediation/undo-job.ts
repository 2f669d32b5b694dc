import type { StoredJob } from '../audit/ports.ts';
import { type Digest, isSettled, jobIdOf, type RemediationJob } from './job.ts';
import type { JobRequests } from './job-request.ts';
import type { SeenPolicy } from './policy-effect.ts';
import type { RemediationPlan } from './plan.ts';
import type { RemediatePorts } from './remediate-ports.ts';
import { samePlan } from './same-plan.ts';
import { undoPlanOf } from './undo-plan.ts';
import type { WriteRecord } from './write-record.ts';

export interface UndoPorts extends Pick<RemediatePorts, 'jobs' | 'messages' | 'now' | 'records'> {
  readonly requests: JobRequests;
  /** A policy as it is; null where it cannot be read. @param id lower case */
  readonly policy: (id: string) => Promise<SeenPolicy | null>;
  readonly digest: Digest;
}

/** What a job did cannot be taken back; the message says why. */
export class UndoRefused extends Error {
  override readonly name = 'UndoRefused';
}

/** Whoever asks is waiting; another person may have to approve it first. */
const undoLifeMs = 24 * 3_600_000;

/**
 * Asks for a job to be taken back: a job of its own, which restores the recorded value under the same checks, claim and
 * record as any other, and writes only where the value is still the one that was written. Who asked is recorded where the
 * remediator alone writes, and what is restored comes from there. Where putting the value back weakens security or interrupts
 * users, it waits for another person than the one who asks (`undo-plan.ts`).
 * @param by object id of whoever asks
 * @returns the job that takes it back; the same one when asked again while it is on its way, another once it is over
 * @throws UndoRefused
 */
export async function undoJob(jobId: string, by: string, ports: UndoPorts): Promise<StoredJob> {
  const done = await ports.jobs.find(jobId);
  if (done === null) throw new UndoRefused(`No remediation job ${jobId} is stored`);
  if (done.state !== 'done')
    throw new UndoRefused(`Job ${jobId} is ${done.state}: only what is done can be taken back`);
  const found = await ports.records.find(jobId);
  if (found === null) throw new UndoRefused(`Job ${jobId} left no record of what it wrote; undo it by hand`);
  const { record } = found;
  if (record.undoOf !== null) {
    throw new UndoRefused(`Job ${jobId} took back another one; the next audit plans the repair anew`);
  }
  const plan = await undoPlanNow(record, ports);
  if (plan === null) throw new UndoRefused(`Job ${jobId} was recorded without what undoing it takes; undo it by hand`);
  const attempt = await openAttempt(undoIn({ done, record, plan, by, now: ports.now() }), ports);
  const { requestedBy, ...undo } = attempt;
  const request = await ports.requests.keep({
    ...{ jobId: undo.jobId, undoOf: jobId, by: requestedBy, at: undo.createdAt, expiresAt: undo.expiresAt },
  });
  await ports.jobs.insert({ ...undo, requestedBy: request.by, expiresAt: request.expiresAt });
  const stored = await ports.jobs.find(undo.jobId);
  if (stored === null) throw new Error(`Job ${undo.jobId} was stored and is not there`);
  // One that had to be approved was sent with its approval.
  if (stored.state === 'queued' && !stored.job.approvalRequired) await ports.messages.job(stored.job);
  return stored;
}

async function undoPlanNow(record: WriteRecord, { policy }: UndoPorts): Promise<RemediationPlan | null> {
  const { target } = record.plan;
  if (target.type !== 'conditionalAccessPolicy') return undoPlanOf(record, null);
  const asRead = (await policy(target.id.toLowerCase()))?.policy.asRead;
  if (asRead !== undefined) return undoPlanOf(record, asRead);
  throw new UndoRefused(
    `The policy ${target.id} cannot be read now, so nobody can tell what taking it back does to it`,
  );
}

interface Undoing {
  readonly done: StoredJob;
  readonly record: WriteRecord;
  readonly plan: RemediationPlan;
  readonly by: string;
  readonly now: number;
}

type Undo = RemediationJob & { readonly requestedBy: string };

/** The undo in one attempt, without its id. */
function undoIn({ done, record, plan, by, now }: Undoing): (attempt: number) => Omit<Undo, 'jobId'> {
  const { rule, findings } = done.job;
  const { tenantId, accounts, jobId } = record;
  return (attempt) => ({
    ...{ tenantId, rule, findings, accounts, plan, attempt },
    dryRun: false,
    approvalRequired: plan.risk !== 'safe',
    notBefore: now,
    expiresAt: now + undoLifeMs,
    requestedBy: by.toLowerCase(),
    undoOf: jobId,
    correlationId: jobId,
    createdAt: now,
  });
}

/** The first attempt that is not over: one that was refused, has failed or lapsed stands in nobody's way. */
async function openAttempt(
  undoOf: (attempt: number) => Omit<Undo, 'jobId'>,
  { jobs, requests, digest, now }: UndoPorts,
): Promise<Undo> {
  for (let attempt = 1; ; attempt += 1) {
    const undo = undoOf(attempt);
    const jobId = jobIdOf(undo, digest);
    const [stored, request] = [await jobs.find(jobId), await requests.find(jobId)];
    const lapsed = request !== null && now() >= request.expiresAt;
    if (stored === null && !lapsed) return { ...undo, jobId };
    if (stored === null || isSettled(stored.state) || !samePlan(stored.job.plan, undo.plan)) continue;
    // A job that says that it takes this one back, and for which nobody is recorded to have asked, is somebody else's doing.
    if (request !== null && (stored.state === 'running' || !lapsed)) return { ...undo, jobId };
  }
}
