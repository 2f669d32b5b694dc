import type { RemediationJob } from '../remediation/job.ts';
import type { Actor, Finding } from './finding.ts';
import { isFindingState, stepFor } from './lifecycle.ts';
import { heldOf } from './reduce.ts';
import { faultStandingOf } from './standing.ts';
import { type Reduction, type StepContext, takeStep, unchanged } from './take-step.ts';
import type { Waiver } from './waiver.ts';

/** What a person does to a finding, the end of what one did, or a repair that was planned apart from it. */
export type Act =
  | { readonly kind: 'acknowledged'; readonly by: Actor; readonly note: string }
  | { readonly kind: 'acknowledgement-withdrawn' }
  | { readonly kind: 'waived'; readonly waiver: Waiver }
  | { readonly kind: 'waiver-ended' }
  /** A job that waits for nobody was planned for it. */
  | { readonly kind: 'repair-queued'; readonly repair: NonNullable<Finding['repair']> };

/** What an act makes of a finding. It rests on no new facts. Doing again what is done changes nothing. */
export function act(stored: Finding, act: Act, context: StepContext): Reduction {
  if (!isFindingState(stored.state)) return unchanged;
  switch (act.kind) {
    case 'acknowledged': {
      const { by, note } = act;
      const acknowledgement = { by, note, at: context.now, standing: faultStandingOf(stored) };
      return takeStep(stored, act.kind, { ...stored, acknowledgement }, { ...context, note });
    }
    case 'waived': {
      if (stored.state === 'waived' && stored.waiver?.id === act.waiver.id) return unchanged;
      const waiver = heldOf(act.waiver, stored);
      return takeStep(stored, act.kind, { ...stored, waiver }, { note: `Waiver ${act.waiver.id}`, ...context });
    }
    case 'repair-queued': {
      const { repair } = act;
      if (stored.repair?.jobId === repair.jobId) return unchanged;
      const repairAttempts = Math.max(stored.repairAttempts, repair.attempt);
      return takeStep(stored, act.kind, { ...stored, repair, repairAttempts }, context);
    }
    case 'acknowledgement-withdrawn':
    case 'waiver-ended':
      return takeStep(stored, act.kind, stored, context);
  }
}

/** The repair of a finding: the one that leaves with a transition, or one that is under way and goes on. */
export interface Repair {
  /** What is to be sent; null for one that is on its way already. */
  readonly job: RemediationJob | null;
  /** What the finding is being mended by; null where the job waits for a person, or is a dry run. */
  readonly underWay: Finding['repair'];
}

/** The repair by a job that is made now; null for none. */
export function repairBy(job: RemediationJob | null): Repair | null {
  if (job === null) return null;
  const waits = job.dryRun || job.approvalRequired;
  const { jobId, expiresAt, attempt } = job;
  return { job, underWay: waits ? null : { jobId, expiresAt, attempt } };
}

/** The same change with the repair that goes with it: where that one waits for nobody, the finding is being mended. */
export function withRepair({ next, transition }: Reduction, repair: Repair | null): Reduction {
  if (next === null || transition === null || repair === null) return { next, transition };
  const { job, underWay } = repair;
  const counted = { ...next, repairAttempts: Math.max(next.repairAttempts, job?.attempt ?? 0) };
  const step = stepFor(next.state, 'repair-queued');
  if (step === null || underWay === null) return { next: counted, transition };
  return {
    next: { ...counted, state: step.to, repair: underWay },
    transition: { ...transition, after: { ...transition.after, state: step.to } },
  };
}
