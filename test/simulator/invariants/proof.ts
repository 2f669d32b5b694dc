import type { Simulation } from '../simulation.ts';
import { orphanRule, watchedRules } from '../truth.ts';
import { longestSkew } from '../weather.ts';
import { instant } from './stored.ts';

const known: ReadonlySet<string> = new Set([...watchedRules, orphanRule]);

/**
 * No finding is resolved or gone without proof, and none opens without a fault: between the reading of the facts and the
 * commit there was a moment in which it was so.
 */
export function proof({ witness, truth, tenant, violations }: Simulation): void {
  for (const { transition, finding, at } of witness.transitions) {
    const { kind, key, rule, after } = transition;
    if (!known.has(rule)) continue;
    const { factsReadAt } = finding;
    // By the clock of who read them.
    const readFrom = Math.min(factsReadAt, at) - longestSkew;
    const told = `${rule} of ${key} at ${instant(at)}, from facts of ${instant(factsReadAt)}`;
    if (kind === 'resolved' || kind === 'gone') {
      if (!truth.was(false, key, rule, readFrom, at))
        violations.add(`Closed as ${kind} while the fault was there: ${told}`);
      if (kind === 'gone' && !tenant.wasAbsent(key, readFrom, at))
        violations.add(`Closed as gone while the account was there: ${told}`);
    } else if ((kind === 'opened' || kind === 'reopened') && after.outcome !== 'unknown') {
      // What comes with time alone, such as the end of a password, comes early by a clock that is ahead.
      if (!truth.was(true, key, rule, readFrom, at + longestSkew))
        violations.add(`Opened although there was no fault: ${told}`);
    }
  }
}
