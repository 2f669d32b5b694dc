import type { RemediationJob } from '../remediation/job.ts';
import type { Actor, Finding } from './finding.ts';
import { isFindingState, stepFor } from './lifecycle.ts';
import { heldOf } from './reduce.ts';
import { faultStandingOf } from './standing.ts';
import { type Reduction, type StepContext, takeStep, unchanged } from './take-step.ts';
import type { Waiver } from './waiver.ts';

/** What a person does to a finding, or the end of what one did. */
export type Act =
  | { readonly kind: 'acknowledged'; readonly by: Actor; readonly note: string }
  | { readonly kind: 'acknowledgement-withdrawn' }
  | { readonly kind: 'waived'; readonly waiver: Waiver }
  | { readonly kind: 'waiver-ended' };

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
    case 'acknowledgement-withdrawn':
    case 'waiver-ended':
      return takeStep(stored, act.kind, stored, context);
  }
}

/** The same change with the repair that leaves with it, where that one waits for nobody: the finding is being mended. */
export function withRepair({ next, transition }: Reduction, job: RemediationJob | null): Reduction {
  const step = next === null ? null : stepFor(next.state, 'repair-queued');
  if (next === null || transition === null || step === null || job === null) return { next, transition };
  if (job.dryRun || job.approvalRequired) return { next, transition };
  return {
    next: { ...next, state: step.to, repair: { jobId: job.jobId, expiresAt: job.expiresAt, attempt: job.attempt } },
    transition: { ...transition, after: { ...transition.after, state: step.to } },
  };
}
