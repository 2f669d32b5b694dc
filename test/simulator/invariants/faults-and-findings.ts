import type { Finding } from '../../../domain/findings/finding.ts';
import { isFaulty } from '../../../domain/findings/lifecycle.ts';
import type { Simulation } from '../simulation.ts';
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

/** Every fault that lasted longer than its bound has an open finding, and no finding is open whose fault is gone longer. */
export function faultsAndFindings(
  simulation: Simulation,
  { unchangedSince, changedSince = -Infinity, isLookedAt, when }: Looked,
): void {
  const findings = storedFindings(simulation);
  for (const [id, { key, rule }] of simulation.truth.all()) {
    const { from, isFaulty: isThere } = simulation.truth.now(key, rule);
    if (from > unchangedSince || from < changedSince || isLookedAt?.(key, rule) === false) continue;
    const finding = findings.get(id);
    if (isThere === isOpen(finding)) continue;
    simulation.violations.add(
      isThere
        ? `A fault has no open finding ${when}: ${rule} of ${key}, there since ${instant(from)}; ${stateOf(finding)}`
        : `A finding is open whose fault is gone ${when}: ${rule} of ${key}, gone since ${instant(from)}; ${stateOf(finding)}`,
    );
  }
}

function isOpen(finding: Finding | undefined): boolean {
  return finding !== undefined && isFaulty(finding.state);
}

function stateOf(finding: Finding | undefined): string {
  return finding === undefined
    ? 'there is none'
    : `it is ${finding.state}, from facts of ${instant(finding.factsReadAt)}`;
}
