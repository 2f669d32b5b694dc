import type { Transition } from '../findings/finding.ts';
import type { MissedByEvents } from './run.ts';

/** What a person would have liked to hear at once. */
const told: ReadonlySet<Transition['kind']> = new Set(['opened', 'reopened', 'worse', 'resolved'] as const);

/** Rules whose verdict changes with the calendar alone, which no event tells. */
const byTheCalendar: ReadonlySet<string> = new Set(['sp-password-expiry']);

/**
 * Transitions of a night whose account nobody had looked at since the run before: no event told of what changed. How late
 * that was is not known, only that it was less than the time between the two readings.
 * @param reads when accounts were last read on their own, by account key.
 * @param previousReadAt when the run before read its facts; undefined where there is none, and then nothing was missed.
 */
export function missedByEvents(
  transitions: readonly Transition[],
  reads: ReadonlyMap<string, number>,
  { factsReadAt, previousReadAt }: { readonly factsReadAt: number; readonly previousReadAt?: number | undefined },
): MissedByEvents {
  if (previousReadAt === undefined) return { count: 0, atMostMs: null };
  const count = transitions.filter(
    ({ kind, rule, key }) =>
      told.has(kind) && !byTheCalendar.has(rule) && (reads.get(key) ?? -Infinity) < previousReadAt,
  ).length;
  return { count, atMostMs: count === 0 ? null : factsReadAt - previousReadAt };
}
