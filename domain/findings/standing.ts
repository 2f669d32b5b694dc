import { compareSeverity } from '../model/verdict.ts';
import type { FaultStanding, Finding, FindingStanding } from './finding.ts';

export function standingOf({ state, outcome, severity, deciders }: Finding): FindingStanding {
  return { state, outcome, severity, deciders };
}

export function faultStandingOf({ outcome, severity, deciders }: FaultStanding): FaultStanding {
  return { outcome, severity, deciders };
}

/** Whether the same fault stands as it stood; deciders are sorted. */
export function sameFault(a: FaultStanding, b: FaultStanding): boolean {
  return (
    a.outcome === b.outcome &&
    a.severity === b.severity &&
    a.deciders.length === b.deciders.length &&
    a.deciders.every((id, index) => id === b.deciders[index])
  );
}

/** Worse: a graver outcome, a higher severity at the same outcome, or a deciding object more at the same standing. */
export function isWorse(before: FaultStanding, after: FaultStanding): boolean {
  const outcome = graver(before, after);
  if (outcome !== 0) return outcome > 0;
  const severity = compareSeverity(before.severity, after.severity);
  if (severity !== 0) return severity > 0;
  return hasAnother(before, after);
}

/**
 * Whether a fault is beyond what a person accepted: any of the three being worse ends that, even where another is better
 * (law 7). Stricter than `isWorse`, which says only whether a change is bad news.
 */
export function exceeds(accepted: FaultStanding, fault: FaultStanding): boolean {
  return (
    graver(accepted, fault) > 0 || compareSeverity(accepted.severity, fault.severity) > 0 || hasAnother(accepted, fault)
  );
}

const outcomeOrder: readonly Finding['outcome'][] = ['fail', 'unknown', 'warn'];

/** Above 0 when `after` has the graver outcome. */
function graver(before: FaultStanding, after: FaultStanding): number {
  return outcomeOrder.indexOf(before.outcome) - outcomeOrder.indexOf(after.outcome);
}

function hasAnother(before: FaultStanding, after: FaultStanding): boolean {
  return after.deciders.some((id) => !before.deciders.includes(id));
}
