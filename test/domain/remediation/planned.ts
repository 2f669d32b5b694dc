import type { Planned, PlanMade } from '../../../domain/remediation/planned.ts';
import type { PlannedCall, RemediationPlan } from '../../../domain/remediation/plan.ts';
import type { ManualTask } from '../../../domain/remediation/runbooks/task.ts';

export function made(planned: Planned): PlanMade {
  if (planned.kind === 'plan') return planned;
  throw new Error(`There is no plan: ${planned.kind === 'none' ? planned.why : planned.task.why}`);
}

export function planOf(planned: Planned): RemediationPlan {
  return made(planned).plan;
}

/** The one call of a plan: a plan writes one object. */
export function callOf(planned: Planned): PlannedCall {
  const [call, ...others] = planOf(planned).calls;
  if (call === undefined || others.length > 0) throw new Error('The plan does not make one call');
  return call;
}

export function whyNone(planned: Planned): string {
  if (planned.kind === 'none') return planned.why;
  throw new Error(`It is ${planned.kind}, not none`);
}

export function taskOf(planned: Planned): ManualTask {
  if (planned.kind === 'manual') return planned.task;
  throw new Error(`It is ${planned.kind}, not manual${planned.kind === 'none' ? `: ${planned.why}` : ''}`);
}
