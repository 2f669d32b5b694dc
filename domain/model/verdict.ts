import type { Gap } from './collection.ts';

export type Outcome = 'fail' | 'unknown' | 'warn' | 'pass' | 'not-applicable';

export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

/** Negative when `a` is the more severe. */
export function compareSeverity(a: Severity, b: Severity): number {
  return severities.indexOf(a) - severities.indexOf(b);
}

/** JSON that evidence may hold: ids, names, deciding values; never a secret, a claim, a path or a line number. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Evidence = Readonly<Record<string, Json>>;

/** What one rule says of one account. The same facts give the same verdict, whatever order the lists came in. */
export interface Verdict {
  readonly outcome: Outcome;
  /** Severity of this outcome; for pass and not-applicable the rule's own. */
  readonly severity: Severity;
  /** One sentence a person reads first. */
  readonly title: string;
  readonly evidence: Evidence;
  /** Sorted ids of the objects that decided; when they change, that is a transition. */
  readonly deciders: readonly string[];
  /**
   * For outcome unknown: the gaps that cause it. Empty: everything was read, and it is undecidable. Always empty otherwise.
   */
  readonly gaps: readonly Gap[];
}
