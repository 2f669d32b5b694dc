import type { Simulation } from '../simulation.ts';
import { orphanRule, watchedRules } from '../truth.ts';
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
    const told = `${rule} of ${key} at ${instant(at)}, from facts of ${instant(factsReadAt)}`;
    if (kind === 'resolved' || kind === 'gone') {
      if (!truth.was(false, key, rule, factsReadAt, at))
        violations.add(`Closed as ${kind} while the fault was there: ${told}`);
      if (kind === 'gone' && !tenant.wasAbsent(key, factsReadAt, at))
        violations.add(`Closed as gone while the account was there: ${told}`);
      // Of an orphaned app the list is read with the run and its account's name asked about later: no one moment has to show both.
    } else if ((kind === 'opened' || kind === 'reopened') && after.outcome !== 'unknown' && rule !== orphanRule) {
      if (!truth.was(true, key, rule, factsReadAt, at)) violations.add(`Opened although there was no fault: ${told}`);
    }
  }
}
