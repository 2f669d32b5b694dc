import type { Gap } from '../model/collection.ts';
import { compareSeverity, type Evidence, type Outcome, type Severity, type Verdict } from '../model/verdict.ts';

interface Told {
  readonly evidence?: Evidence;
  readonly deciders?: readonly (string | null)[];
  readonly gaps?: readonly Gap[];
}

/** A verdict with what it leaves out filled in; deciders sorted, deciders and gaps named once. */
export function verdict(outcome: Outcome, severity: Severity, title: string, told: Told = {}): Verdict {
  const deciders = (told.deciders ?? []).filter((id) => id !== null);
  return {
    outcome,
    severity,
    title,
    evidence: told.evidence ?? {},
    deciders: [...new Set(deciders)].sort(),
    gaps: outcome === 'unknown' ? [...new Set(told.gaps)] : [],
  };
}

const worstFirst: readonly Outcome[] = ['fail', 'unknown', 'warn', 'pass', 'not-applicable'];

/** Negative when `a` is the worse: by outcome, then by severity. */
export function compareVerdicts(
  a: Pick<Verdict, 'outcome' | 'severity'>,
  b: Pick<Verdict, 'outcome' | 'severity'>,
): number {
  return worstFirst.indexOf(a.outcome) - worstFirst.indexOf(b.outcome) || compareSeverity(a.severity, b.severity);
}

/** By code unit, so that the order is the same everywhere. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
