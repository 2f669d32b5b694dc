import type { Finding } from '../../../domain/findings/finding.ts';
import { isFaulty } from '../../../domain/findings/lifecycle.ts';
import type { Simulation } from '../simulation.ts';
import { byTheCalendar } from '../truth-faults.ts';
import { longestSkew } from '../weather.ts';
import { misfitOf } from './standing.ts';
import { instant, storedFindings } from './stored.ts';

export interface Looked {
  /** What has been so since before then must be known. */
  readonly unchangedSince: number;
  /** What changed before then is not looked at; absent: whenever it changed. */
  readonly changedSince?: number;
  /** What is looked at; all where it is absent. */
  readonly isLookedAt?: (key: string, rule: string) => boolean;
  /** When this is held against the store, for the sentence. */
  readonly when: string;
}

/**
 * Every fault that lasted longer than its bound has an open finding that tells how bad it is, whose doing, and by what; and
 * no finding is open whose fault is gone longer.
 */
export function faultsAndFindings(
  simulation: Simulation,
  { unchangedSince, changedSince = -Infinity, isLookedAt, when }: Looked,
): void {
  const findings = storedFindings(simulation);
  for (const [id, { key, rule }] of simulation.truth.all()) {
    const { from, since, fault } = simulation.truth.now(key, rule);
    if (since > unchangedSince || from < changedSince || isLookedAt?.(key, rule) === false) continue;
    if (rule === byTheCalendar && isTurning(simulation, from, unchangedSince)) continue;
    const finding = findings.get(id);
    if ((fault !== null) !== isOpen(finding)) {
      simulation.violations.add(
        fault === null
          ? `A finding is open whose fault is gone ${when}: ${rule} of ${key}, gone since ${instant(since)}; ${stateOf(finding)}`
          : `A fault has no open finding ${when}: ${rule} of ${key}, there since ${instant(since)}; ${stateOf(finding)}`,
      );
      continue;
    }
    if (fault === null || finding === undefined || from > unchangedSince) continue;
    const wrong = misfitOf(finding, fault);
    if (wrong !== null)
      simulation.violations.add(
        `A finding does not tell how it is ${when}: ${rule} of ${key}, so since ${instant(from)}; ${wrong}, from facts of ${instant(finding.factsReadAt)}`,
      );
  }
}

/** Whoever judges may have a clock behind that of whoever began, or ahead of ours. */
function isTurning({ truth, timeline }: Simulation, from: number, unchangedSince: number): boolean {
  return from > unchangedSince - longestSkew || truth.turnsBefore(timeline.now() + longestSkew);
}

function isOpen(finding: Finding | undefined): boolean {
  return finding !== undefined && isFaulty(finding.state);
}

function stateOf(finding: Finding | undefined): string {
  return finding === undefined
    ? 'there is none'
    : `it is ${finding.state}, from facts of ${instant(finding.factsReadAt)}`;
}
