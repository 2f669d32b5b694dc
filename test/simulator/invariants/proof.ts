import type { Simulation } from '../simulation.ts';
import { exclusionRule, type Fault, orphanRule, watchedRules } from '../truth-faults.ts';
import { longestSkew } from '../weather.ts';
import type { Seen } from '../witness.ts';
import { misfit, words } from './standing.ts';
import { instant } from './stored.ts';

const known: ReadonlySet<string> = new Set([...watchedRules, orphanRule, exclusionRule]);

/** What a step tells of a fault that somebody saw, whatever came of it. */
const ofSeen: ReadonlySet<string> = new Set(['opened', 'reopened', 'worse', 'changed', 'unrepaired', 'lapsed']);

/**
 * No finding is resolved or gone without proof, and none opens or changes without a fault of which it says how bad it is:
 * between the reading of the facts and the commit there was a moment in which it was so.
 */
export function proof(simulation: Simulation): void {
  const { truth, tenant, violations } = simulation;
  for (const seen of simulation.witness.transitions) {
    const { transition, finding, at } = seen;
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
    } else if (tellsOfFault(seen)) {
      // Whether an account exists cannot always be told; all else can, or is not told at all.
      if (after.outcome === 'unknown' && rule === orphanRule) continue;
      // What comes with time alone, such as the end of a password, comes early by a clock that is ahead.
      const faults = truth.during(key, rule, readFrom, at + longestSkew).filter((fault) => fault !== null);
      const [last] = faults.slice(-1);
      // Of an account that went while it was read, two things that were read do not fit together, and that is said.
      const mayNotFit = after.outcome === 'unknown' && tenant.wasAbsent(key, readFrom, at);
      const fits = (fault: Fault): boolean =>
        misfit(after, fault) === null || (mayNotFit && misfit(after, { ...fault, outcome: 'unknown' }) === null);
      if (last === undefined) violations.add(`Opened although there was no fault: ${kind}, ${told}`);
      else if (!faults.some(fits))
        violations.add(`Told as it never was: ${kind} ${words(after)}, while it was ${words(last)}: ${told}`);
    }
  }
}

/** A waiver that an audit puts on a fault tells of it where there was none before. */
function tellsOfFault({ transition: { kind, before } }: Seen): boolean {
  return ofSeen.has(kind) || (kind === 'waived' && (before === null || !isThere(before.state)));
}

function isThere(state: string): boolean {
  return state !== 'resolved' && state !== 'gone';
}
