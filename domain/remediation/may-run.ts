import type { PassingCause, StoredJob } from '../audit/ports.ts';
import type { Settings } from '../model/settings.ts';
import { isSafe } from './actions.ts';
import { isRequester } from './approval.ts';
import { whyCalledOff } from './call-off.ts';
import { modeOf } from './job-of-plan.ts';
import type { JobRequest } from './job-request.ts';
import type { RemediatePorts } from './remediate-ports.ts';
import { planDigest } from './same-plan.ts';
import { undoRiskOf } from './undo-risk.ts';

type Ports = Pick<RemediatePorts, 'approvals' | 'requests' | 'records' | 'now' | 'digest'>;

/** `awaits`: a person is to be asked, although the job would run by itself. */
export interface NotNow {
  readonly kind: 'refused' | 'awaits';
  readonly why: string;
  /** Left out where it is refused for good. */
  readonly passes?: PassingCause;
}

/**
 * Why this app's own settings, the job's age, or what a person decided or asked for forbid it; null when nothing does. What
 * the job says of itself can forbid it, and never allow it.
 */
export async function mayRun({ job }: StoredJob, settings: Settings, ports: Ports): Promise<NotNow | null> {
  const calledOff = await whyCalledOff(job, ports);
  if (calledOff !== null) return refused(calledOff);
  const request = await ports.requests.find(job.jobId);
  if (job.undoOf !== undefined || typeof request?.undoOf === 'string') {
    return mayUndo(job, request, settings, ports);
  }
  const { action } = job.plan;
  const mode = modeOf(action, settings);
  if (mode === 'off') return refused(`The action ${action} is switched off in the remediator's settings`, 'held');
  if (ports.now() >= job.expiresAt) {
    return refused('The job has expired; the next audit plans it anew if it is still needed', 'late');
  }
  if (job.dryRun || mode === 'dry-run') return null;
  if (job.approvalRequired) return unapproved(job, request, settings, ports);
  if (mode === 'approve' || !isSafe(action)) {
    return unlessDecided(job, request, `The remediator's settings have ${action} wait for a person`, settings, ports);
  }
  const latest = await ports.records.latest(action, job.plan.target.id);
  if (typeof latest?.undoOf !== 'string') return null;
  return unlessDecided(job, request, takenBackWhy(latest.at), settings, ports);
}

/** A job that was to run by itself is put before a person, who may have decided by now. */
async function unlessDecided(
  job: StoredJob['job'],
  request: JobRequest | null,
  why: string,
  settings: Settings,
  ports: Ports,
): Promise<NotNow | null> {
  const approval = await ports.approvals.find(job.jobId, job.attempt);
  return approval === null ? { kind: 'awaits', why } : unapproved(job, request, settings, ports);
}

/** Why a job that would run by itself waits for a person. @param at when the same was taken back, epoch milliseconds */
export function takenBackWhy(at: number): string {
  return `A person had the same taken back at ${new Date(at).toISOString()}, so that a person decides on it, whatever the mode`;
}

/** An undo is a person's act: it runs although its action is switched off by now. */
async function mayUndo(
  job: StoredJob['job'],
  request: JobRequest | null,
  settings: Settings,
  ports: Ports,
): Promise<NotNow | null> {
  if (typeof request?.undoOf !== 'string' || request.undoOf !== job.undoOf) {
    return refused('Nobody is recorded to have asked for this undo; kerbwatch jobs undo asks for one');
  }
  if (ports.now() >= request.expiresAt) return refused('The undo has expired; ask for it again');
  const { action, risk } = job.plan;
  return risk === 'safe' && undoRiskOf(action) === 'safe' && !job.approvalRequired
    ? null
    : unapproved(job, request, settings, ports);
}

async function unapproved(
  job: StoredJob['job'],
  request: JobRequest | null,
  settings: Settings,
  ports: Ports,
): Promise<NotNow | null> {
  const approval = await ports.approvals.find(job.jobId, job.attempt);
  if (approval === null) return refused('The job needs an approval, and none is recorded');
  if (approval.decision !== 'approved') return refused('A person rejected the plan');
  if (isRequester(approval.by, [job.requestedBy, request?.by], settings)) {
    return refused(
      'The approval is that of the person who asked for the job, or switched the action on; it takes another',
    );
  }
  if (approval.planDigest !== planDigest(job.plan, ports.digest)) {
    return refused('The approval was given for another plan than the one that is stored');
  }
  // One that does not say when it ends has ended.
  if (!(ports.now() < approval.expiresAt)) {
    return refused('The approval has expired; requeue the job and have it approved anew');
  }
  return null;
}

function refused(why: string, passes?: PassingCause): NotNow {
  return { kind: 'refused', why, ...(passes === undefined ? {} : { passes }) };
}
