import { z } from 'zod';
import type { RuleSettings } from '../../domain/model/settings.ts';
import { severities } from '../../domain/model/verdict.ts';
import { named, oneOf } from './named.ts';

/** What settings have to know of a rule. */
export interface KnownRule {
  readonly id: string;
  readonly thresholds: Readonly<Record<string, number>>;
}

/** `rules`: only those that settings name, and of their thresholds only those that settings change. */
export function ruleSettings(knownRules: readonly KnownRule[]) {
  const entries = Object.fromEntries(knownRules.map((rule) => [rule.id, entry(rule).optional()]));
  return named(entries).transform(withoutUndefined);
}

function entry({ thresholds }: KnownRule) {
  const names = Object.keys(thresholds);
  const value = z.number('has to be a number').nonnegative('must not be negative').optional();
  return named({
    enabled: z.boolean('has to be true or false').default(true),
    severity: oneOf(severities).optional(),
    thresholds: named(Object.fromEntries(names.map((name) => [name, value])))
      .transform(withoutUndefined)
      .default({}),
  }).transform(({ severity, ...rest }): RuleSettings => ({ ...rest, severity: severity ?? null }));
}

function withoutUndefined<T>(entries: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
