import { isFaulty } from '../../../domain/findings/lifecycle.ts';
import { covers, givenAt, holds, isOver, type Waiver } from '../../../domain/findings/waiver.ts';
import type { Simulation } from '../simulation.ts';
import { longestSkew } from '../weather.ts';
import { instant, storedFindings } from './stored.ts';
import { waiverRows } from './waiver-rows.ts';

/** Waivers hold as long as they should, and no longer: a sweep ends them. */
const sweptWithin = 3_600_000;

export function waivers(simulation: Simulation): void {
  const { timeline, witness, violations } = simulation;
  const all = waiverRows(simulation);
  const byId = new Map(all.map((waiver) => [waiver.id, waiver]));
  const now = timeline.now();
  for (const [id, finding] of storedFindings(simulation)) {
    const held = finding.state === 'waived' ? byId.get(finding.waiver?.id ?? '') : undefined;
    if (finding.state === 'waived' && held === undefined) violations.add(`${id} is waived by nothing that is stored`);
    if (held !== undefined && isOver(held, now - sweptWithin))
      violations.add(`${id} is still under waiver ${held.id}, which ended ${instant(held.until)}`);
    const mayCover = (waiver: Waiver): boolean =>
      holds(waiver, now + longestSkew) &&
      covers(waiver, finding, () => null) &&
      (finding.waiversBrokenAt === null || givenAt(waiver) > finding.waiversBrokenAt);
    const idle = isFaulty(finding.state) && finding.state !== 'waived' && finding.state !== 'remediating';
    const missing = idle ? all.find(mayCover) : undefined;
    if (missing !== undefined)
      violations.add(`${id} is ${finding.state} although waiver ${missing.id} holds until ${instant(missing.until)}`);
  }
  for (const { transition, finding, at } of witness.transitions) {
    if (transition.kind !== 'waiver-ended' || finding.waiversBrokenAt !== null) continue;
    const stillHeld = all.find(
      (waiver) =>
        heldAt(waiver, at + longestSkew) && covers(waiver, finding, () => null) && givenAt(waiver) < at - sweptWithin,
    );
    if (stillHeld === undefined) continue;
    violations.add(`${finding.id} left its waiver at ${instant(at)} although ${stillHeld.id} held`);
  }
}

function heldAt(waiver: Waiver, at: number): boolean {
  const removed = waiver.removed !== null && waiver.removed.at <= at ? waiver.removed : null;
  return holds({ ...waiver, removed }, at);
}
