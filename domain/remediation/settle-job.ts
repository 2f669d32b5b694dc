import type { JobReport, StoredJob } from '../audit/ports.ts';
import type { Actor } from '../findings/finding.ts';
import type { Settings } from '../model/settings.ts';
import { recordFailure, recordSuccess, stopAction } from './action-brakes.ts';
import { collisionWork } from './collision.ts';
import type { SettledState } from './job.ts';
import { tellOverwritten } from './look-for-overwritten.ts';
import { overwrittenBy } from './overwritten.ts';
import { claimedElsewhere, type Remediated, type RemediatePorts } from './remediate-ports.ts';
import { planAnewWork } from './repair-work.ts';
import { verificationWork } from './verification-work.ts';

/** How a job may end that somebody took. */
type EndState = Exclude<SettledState, 'withdrawn' | 'undone'>;

export interface Ending {
  readonly state: EndState;
  readonly reason: string | null;
  /** What was found before and after a write; left out where nothing was written. */
  readonly values?: { readonly before: unknown; readonly after: unknown } | undefined;
  readonly followUp?: JobReport['followUp'];
  readonly passes?: JobReport['passes'];
}

/** Records how a job ended, then tells it. Whoever finds it ended tells it again: every message has the same id. */
export async function settleJob(
  stored: StoredJob,
  { state, reason, values, followUp, passes }: Ending,
  settings: Settings,
  ports: RemediatePorts,
): Promise<Remediated> {
  const [call] = stored.job.plan.calls;
  const overwritten = state === 'done' && call !== undefined ? overwrittenBy(call, ports.now()) : undefined;
  const report: JobReport = {
    at: ports.now(),
    reason,
    before: values?.before ?? null,
    after: values?.after ?? null,
    actor: ports.actor,
    ...(followUp === undefined ? {} : { followUp }),
    ...(passes === undefined ? {} : { passes }),
    ...(overwritten === undefined ? {} : { overwritten }),
  };
  if (state === 'done') await recordSuccess(stored.job.plan.action, ports.brakes);
  const progress = stored.progress ?? null;
  const moved = await ports.jobs.move(stored, state, report, progress && { ...progress, claimedUntil: null });
  if (moved === null) return claimedElsewhere;
  await tellJob(moved, settings, ports);
  return { state, reason };
}

/** All that follows from how a job ended; nothing for one that has not. */
export async function tellJob(stored: StoredJob, settings: Settings, ports: RemediatePorts): Promise<void> {
  const { job, state, report } = stored;
  await tellOverwritten(stored, ports);
  if (state !== 'done' && state !== 'failed' && state !== 'refused' && state !== 'dry-run') return;
  const at = report?.at ?? ports.now();
  const reason = report?.reason ?? null;
  const counted = { action: job.plan.action, jobId: job.jobId, attempt: job.attempt };
  if (state === 'done' && job.undoOf !== undefined) await markUndone(job.undoOf, ports);
  if (report?.followUp === 'collision') {
    await stopAction(counted, { at, reason: reason ?? 'Somebody wrote at the same time' }, ports.brakes);
  }
  if (state === 'failed') await recordFailure(counted, settings.brakes, ports.brakes, at);
  await ports.messages.result(job, state, reason, at);
  if (state === 'failed' || state === 'refused') {
    const { jobId, attempt, rule, plan, findings } = job;
    const about = {
      jobId,
      attempt,
      state,
      rule,
      action: plan.action,
      target: plan.target,
      findingIds: findings.map(({ id }) => id),
    };
    await ports.messages.reject('remediation-jobs', reason ?? state, about);
  }
  if (state === 'dry-run') return;
  // The directory replicates; what a write changed may not be read at once.
  const later = at + settings.watch.debounceSeconds * 1000;
  const anew = report?.followUp === 'plan-anew' && job.undoOf === undefined ? planAnewWork(job, later) : null;
  const collided = report?.followUp === 'collision' ? collisionWork(stored) : null;
  // What is found after a job that changed nothing, or that may have, is nobody's known doing.
  const actor: Actor =
    state === 'done' ? { kind: 'application', objectId: ports.actor } : { kind: 'unknown', objectId: null };
  await ports.messages.auditWork([
    ...verificationWork(job, state, actor, later),
    ...[anew, collided].filter((work) => work !== null),
  ]);
}

/** What was done is taken back; it keeps its record. */
async function markUndone(jobId: string, { jobs }: Pick<RemediatePorts, 'jobs'>): Promise<void> {
  const undone = await jobs.find(jobId);
  if (undone?.state !== 'done') return;
  // What it had replaced may be looked at in the same moment.
  if ((await jobs.move(undone, 'undone', undone.report)) === null) await markUndone(jobId, { jobs });
}
