import { isFaulty } from '../../../domain/findings/lifecycle.ts';
import type { Simulation } from '../simulation.ts';
import { byTheCalendar, watchedRules } from '../truth-faults.ts';
import { longestSkew } from '../weather.ts';
import { misfitOf } from './standing.ts';
import { instant, storedFindings } from './stored.ts';

/**
 * What a reading of one account found, and what is still so, is what its findings say; no older reading that ended later
 * has overwritten it. @returns what does not hold; null: nothing
 */
export function readingIsKnown(simulation: Simulation, accountKey: string, readAt: number): string | null {
  const { truth, tenant } = simulation;
  // Who looks again may not be able to see what was seen.
  if (tenant.forbidden.size > 0 || [...tenant.regainedAt.values()].some((at) => at > readAt)) return null;
  const findings = storedFindings(simulation);
  for (const rule of watchedRules) {
    const { from, fault } = truth.now(accountKey, rule);
    if (from > readAt - longestSkew) continue;
    if (rule === byTheCalendar && truth.turnsBefore(simulation.timeline.now() + longestSkew)) continue;
    const finding = findings.get(`${accountKey}/${rule}`);
    const told = `${rule} of ${accountKey}, so since ${instant(from)} and read at ${instant(readAt)}`;
    const isOpen = finding !== undefined && isFaulty(finding.state);
    if (isOpen !== (fault !== null))
      return `What was read is not what is told: ${told}; it is ${finding?.state ?? 'unknown'}`;
    const wrong = fault === null || finding === undefined ? null : misfitOf(finding, fault);
    if (wrong !== null) return `What was read is not what is told: ${told}; ${wrong}`;
  }
  return null;
}

/** A finding never rests on older facts than it did. */
export function restsOnYounger({ witness, violations }: Simulation): void {
  for (const [name, times] of witness.restedOn) {
    const at = times.findIndex((time, index) => time < (times[index - 1] ?? -Infinity));
    if (at >= 0)
      violations.add(
        `${name} rested on facts of ${instant(times[at - 1] ?? 0)}, then on older ones of ${instant(times[at] ?? 0)}`,
      );
  }
}
