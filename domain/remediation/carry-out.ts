import type { StoredJob } from '../audit/ports.ts';
import type { Settings } from '../model/settings.ts';
import { whyCalledOff } from './call-off.ts';
import { CallPutOff, CallRefused } from './call-failure.ts';
import { showsExactly } from './guarded-values.ts';
import { claimMs, type JobProgress, type JobWrite, notBegun } from './job-progress.ts';
import { lookAfter } from './look-after.ts';
import type { PlannedCall } from './plan.ts';
import { bringBack, comingBack, mostTries, pauseAfter, putOffJob } from './put-off-job.ts';
import { recordIntent, recordWrite } from './record-write.ts';
import {
  claimedElsewhere,
  type Hindrance,
  type Remediated,
  type RemediatePorts,
  type Step,
} from './remediate-ports.ts';
import { settleJob } from './settle-job.ts';
import { brakeOnNow, plannedWrite, takeBrakesOff } from './write-brakes.ts';

export const factsChanged = 'The facts have changed since the job was planned; the account is audited again';

/** Claims a job that may run, asks the brakes, reads, compares, keeps what it is about to do, writes, and reads again. */
export async function carryOut(
  stored: StoredJob,
  call: PlannedCall,
  settings: Settings,
  ports: RemediatePorts,
): Promise<Step> {
  const { job } = stored;
  const progress = { ...(stored.progress ?? notBegun), claimedUntil: ports.now() + claimMs };
  const claimed = await ports.jobs.move(stored, 'running', null, progress);
  if (claimed === null) return { end: claimedElsewhere };
  const planned = plannedWrite(job);
  const braked = await takeBrakesOff(planned, settings.brakes, ports.brakes, ports.now());
  if (braked !== null) return { end: await heldBack(claimed, braked, progress, settings, ports) };
  let before: unknown;
  try {
    before = await ports.executor.read(call);
  } catch (error) {
    return { end: await afterFailure(claimed, call, progress, error, settings, ports) };
  }
  if (!showsExactly(before, call.reads.expect)) {
    const reason = 'What the job was to change is not as it was planned against; the account is audited again';
    const values = { before, after: null };
    const ending = { state: 'refused', reason, values, followUp: 'plan-anew' } as const;
    return { end: await settleJob(claimed, ending, settings, ports) };
  }
  const intent: JobWrite = { before, intendedAt: ports.now(), takenAt: null, answer: null, after: null };
  if (!(await recordIntent(claimed, job.plan, intent, ports))) {
    await bringBack(claimed, comingBack(intent.intendedAt + claimMs, ports.now()), ports);
    return { end: claimedElsewhere };
  }
  const intended = await ports.jobs.move(claimed, 'running', null, { ...progress, write: intent });
  if (intended === null) return { end: claimedElsewhere };
  const brakedNow = await brakeOnNow(planned, settings.brakes, ports.brakes, ports.now());
  if (brakedNow !== null) return { end: await heldBack(intended, brakedNow, progress, settings, ports) };
  const calledOff = await whyCalledOff(job, ports);
  if (calledOff !== null) {
    const refused = { kind: 'refused', why: calledOff, isForGood: true } as const;
    return { end: await heldBack(intended, refused, progress, settings, ports) };
  }
  let write: JobWrite;
  try {
    const answer = await ports.executor.execute(call);
    write = { ...intent, takenAt: ports.now(), answer };
    await recordWrite(job.jobId, write, ports);
  } catch (error) {
    return { end: await afterFailure(intended, call, { ...progress, write: intent }, error, settings, ports) };
  }
  return lookAfter(intended, { call, progress: { ...progress, write }, write }, settings, ports);
}

/** Nothing was written: the job is refused, or waits until the brake is off. */
async function heldBack(
  stored: StoredJob,
  braked: Hindrance,
  progress: JobProgress,
  settings: Settings,
  ports: RemediatePorts,
): Promise<Remediated> {
  await recordWrite(stored.job.jobId, null, ports);
  const released = { ...progress, claimedUntil: null, write: null };
  if (braked.kind === 'refused') {
    const passes = braked.isForGood === true ? undefined : ('held' as const);
    const ending = { state: 'refused', reason: braked.why, passes } as const;
    return settleJob({ ...stored, progress: released }, ending, settings, ports);
  }
  const at = comingBack(braked.at, ports.now());
  return waitUntil(stored, { at, reason: braked.why, progress: released }, settings, ports);
}

/** What becomes of a job whose read or write failed. */
async function afterFailure(
  stored: StoredJob,
  call: PlannedCall,
  progress: JobProgress,
  error: unknown,
  settings: Settings,
  ports: RemediatePorts,
): Promise<Remediated> {
  const values = progress.write === null ? undefined : { before: progress.write.before, after: null };
  if (error instanceof CallRefused) {
    // Nothing was written: what was read before is all there is.
    if (progress.write !== null) await recordWrite(stored.job.jobId, null, ports);
    const refused = { ...stored, progress: { ...progress, write: null } };
    const isThere = error.status === 409;
    const reason = whyRefused(error, call, stored);
    const ending = isThere
      ? ({ state: 'refused', reason, followUp: 'plan-anew' } as const)
      : ({ state: 'failed', reason, values } as const);
    return settleJob(refused, ending, settings, ports);
  }
  if (!(error instanceof CallPutOff)) throw error;
  const tries = progress.tries + 1;
  if (tries > mostTries) {
    const reason = `Failed ${String(tries)} times, at last with: ${error.message}`;
    return settleJob({ ...stored, progress }, { state: 'failed', reason, values }, settings, ports);
  }
  const now = ports.now();
  const { write } = progress;
  if (error.mayBeDone && write !== null) {
    const at = Math.max(now + pauseAfter(progress.tries, error.retryAfterMs), write.intendedAt + claimMs);
    return putOffJob(stored, { at, reason: error.message, progress: { ...progress, tries } }, ports);
  }
  const at = now + pauseAfter(progress.tries, error.retryAfterMs);
  if (write !== null) await recordWrite(stored.job.jobId, null, ports);
  const released = { ...progress, tries, claimedUntil: null, write: null };
  return waitUntil(stored, { at, reason: error.message, progress: released }, settings, ports);
}

function whyRefused(error: CallRefused, { permission }: PlannedCall, { job }: StoredJob): string {
  const { type, id } = job.plan.target;
  switch (error.status) {
    case 401:
    case 403:
      return `The remediator's identity lacks ${permission}, or a role that goes with it (${error.message}); grant it, then requeue the job`;
    case 404:
      return `The ${type} ${id} is not there any more; the next audit says what is missing`;
    case 409:
      return `Somebody else made it at the same time (${error.message}); ${factsChanged.toLowerCase()}`;
    default:
      return `The service refused the call: ${error.message}`;
  }
}

/** Waits where the job lives as long; one that does not is refused now and not in silence later. */
export async function waitUntil(
  stored: StoredJob,
  later: Parameters<typeof putOffJob>[1],
  settings: Settings,
  ports: RemediatePorts,
): Promise<Remediated> {
  if (later.at < stored.job.expiresAt) return putOffJob(stored, later, ports);
  const reason = `${later.reason}, and the job expires before it could go on; the next audit plans it anew`;
  const ending = { state: 'refused', reason, passes: 'late' } as const;
  return settleJob({ ...stored, progress: later.progress }, ending, settings, ports);
}
