import { z } from 'zod';
import type { RuleSettings } from '../../domain/model/settings.ts';
import { type Severity, severities } from '../../domain/model/verdict.ts';
import { hasToBe, named, oneOf } from './named.ts';
import { outOfOrder } from './threshold-order.ts';

/** What settings have to know of a rule. */
export interface KnownRule {
  readonly id: string;
  readonly statement: string;
  readonly severity: Severity;
  readonly thresholds: Readonly<Record<string, number>>;
}

/** `rules`: only those that settings name, and of their thresholds only those that settings change. */
export function ruleSettings(knownRules: readonly KnownRule[]) {
  const entries = Object.fromEntries(knownRules.map((rule) => [rule.id, entry(rule).optional()]));
  return named(entries).transform(withoutUndefined);
}

function entry({ statement, severity, thresholds }: KnownRule) {
  return named({
    enabled: z
      .boolean(hasToBe('true or false'))
      .default(true)
      .meta({ default: true, description: '`false` switches the rule off.' }),
    severity: oneOf(severities)
      .optional()
      .meta({ default: severity, description: 'Severity of a fail; a warn keeps its own, never above this one.' }),
    thresholds: thresholdsOf(thresholds).prefault({}).meta({ description: 'Where its verdicts change.' }),
  })
    .transform((given): RuleSettings => ({ ...given, severity: given.severity ?? null }))
    .meta({ description: `${statement}.` });
}

function thresholdsOf(defaults: KnownRule['thresholds']) {
  const shape = Object.entries(defaults).map(([name, value]) => [
    name,
    numberFor(name)
      .optional()
      .meta({ default: value, description: descriptionOf(name) }),
  ]);
  return named(Object.fromEntries(shape) as Record<string, z.ZodOptional<z.ZodNumber>>)
    .transform(withoutUndefined)
    .superRefine((changed, context) => {
      for (const { name, what } of outOfOrder(defaults, changed)) {
        context.addIssue({ code: 'custom', path: [name], message: what });
      }
    });
}

/** A hundred years: beyond, dates cannot be counted any more. */
const mostDays = 36_500;
const mostMonths = 1200;

function numberFor(name: string): z.ZodNumber {
  const number = z.number(hasToBe('a number')).nonnegative('must not be negative');
  if (name.endsWith('Days')) return number.max(mostDays, `has to be ${mostDays} or less`);
  // A calendar knows no half month.
  if (name.endsWith('Months')) return number.int('has to be whole').max(mostMonths, `has to be ${mostMonths} or less`);
  return number;
}

function descriptionOf(name: string): string {
  if (name.endsWith('Days')) return 'Days of 24 hours.';
  return name.endsWith('Months') ? 'Calendar months.' : 'A number.';
}

function withoutUndefined<T>(entries: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
