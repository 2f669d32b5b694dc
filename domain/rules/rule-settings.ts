import type { Settings } from '../model/settings.ts';
import { compareSeverity, type Severity, type Verdict } from '../model/verdict.ts';
import type { Rule } from './rule.ts';

/** Whether settings leave the rule on; a rule they do not name is on. */
export function isEnabled(rule: Rule, settings: Settings): boolean {
  return settings.rules[rule.id]?.enabled ?? true;
}

/** The rule's threshold of that name, as settings or its default have it. */
export function threshold(rule: Rule, name: string, settings: Settings): number {
  const value = settings.rules[rule.id]?.thresholds[name] ?? rule.thresholds[name];
  if (value === undefined) throw new RangeError(`Rule ${rule.id} has no threshold ${name}`);
  return value;
}

/** The verdict with the severity that settings give the rule: a fail takes it, a warn keeps its own, never above it. */
export function withSeverity<Judged extends Pick<Verdict, 'outcome' | 'severity'>>(
  verdict: Judged,
  severity: Severity | null,
): Judged {
  if (severity === null) return verdict;
  if (verdict.outcome === 'warn' && compareSeverity(verdict.severity, severity) > 0) return verdict;
  return { ...verdict, severity };
}
