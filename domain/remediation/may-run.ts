import type { PassingCause, StoredJob } from '../audit/ports.ts';
import type { Settings } from '../model/settings.ts';
import { isSafe } from './actions.ts';
import { isRequester } from './approval.ts';
import { whyCalledOff } from './call-off.ts';
import { modeOf } from './job-of-plan.ts';
import type { RemediatePorts } from './remediate-ports.ts';
import { planDigest } from './same-plan.ts';
import { isSafelyUndone } from './undo-plan.ts';

/** Why a job must not run. @param passes left out where it is for good */
export interface Refusal {
  readonly reason: string;
  readonly passes?: PassingCause | undefined;
}

/** Why this app's own settings, the job's age, or what a person decided forbid it; null when nothing does. */
export async function refusalOf(
  { job }: StoredJob,
  settings: Settings,
  ports: Pick<RemediatePorts, 'approvals' | 'now' | 'digest'>,
): Promise<Refusal | null> {
  const calledOff = await whyCalledOff(job, ports);
  if (calledOff !== null) return { reason: calledOff };
  const { action } = job.plan;
  const mode = modeOf(action, settings);
  if (mode === 'off') {
    return { reason: `The action ${action} is switched off in the remediator's settings`, passes: 'held' };
  }
  const now = ports.now();
  if (now >= job.expiresAt) {
    return { reason: 'The job has expired; the next audit plans it anew if it is still needed', passes: 'late' };
  }
  if (job.plan.calls.length !== 1) {
    return { reason: 'The plan is not one call, and a job writes one object once' };
  }
  if (job.dryRun || mode === 'dry-run' || !needsApproval(job, mode)) return null;
  const approval = await ports.approvals.find(job.jobId, job.attempt);
  if (approval === null) return { reason: 'The job needs an approval, and none is recorded' };
  if (approval.decision !== 'approved') return { reason: 'A person rejected the plan' };
  if (isRequester(approval.by, job.requestedBy, settings)) {
    return {
      reason: 'The approval is that of the person who asked for the job, or switched the action on; it takes another',
    };
  }
  if (approval.planDigest !== planDigest(job.plan, ports.digest)) {
    return { reason: 'The approval was given for another plan than the one that is stored' };
  }
  if (now >= approval.expiresAt)
    return { reason: 'The approval has expired; requeue the job and have it approved anew' };
  return null;
}

/** The job's own word, this app's settings, and the risk as this version knows it: one of them is enough. */
function needsApproval({ approvalRequired, undoOf, plan }: StoredJob['job'], mode: string): boolean {
  if (approvalRequired) return true;
  // A named person asked for what is undone.
  if (typeof undoOf === 'string') return !isSafelyUndone(plan.action);
  return mode === 'approve' || !isSafe(plan.action);
}
