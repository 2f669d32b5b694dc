import { isFaulty } from '../../../domain/findings/lifecycle.ts';
import { covers, givenAt, holds, type Waiver } from '../../../domain/findings/waiver.ts';
import type { Simulation } from '../simulation.ts';
import { longestSkew } from '../weather.ts';
import type { Seen } from '../witness.ts';
import { instant, storedFindings } from './stored.ts';
import { waiverRows } from './waiver-rows.ts';

const hour = 3_600_000;
/** A sweep ends them; in rough days the store cannot be reached for a while, and a sweep may be struck. */
const sweptWithin = hour;
const sweptWithinAtWorst = 4 * hour;
/** An audit reads the waivers before it commits. */
const longestAudit = 10 * 60_000;

/** Waivers hold as long as they should and no longer, for what they were given for and nothing else. */
export function waivers(simulation: Simulation): void {
  const { timeline, witness, violations } = simulation;
  const all = waiverRows(simulation);
  const byId = new Map(all.map((waiver) => [waiver.id, waiver]));
  const now = timeline.now();
  for (const [id, finding] of storedFindings(simulation)) {
    const mayCover = (waiver: Waiver): boolean =>
      holds(waiver, now + longestSkew) &&
      covers(waiver, finding, () => null) &&
      (finding.waiversBrokenAt === null || givenAt(waiver) > finding.waiversBrokenAt);
    const idle = isFaulty(finding.state) && finding.state !== 'waived' && finding.state !== 'remediating';
    const missing = idle ? all.find(mayCover) : undefined;
    if (missing !== undefined)
      violations.add(`${id} is ${finding.state} although waiver ${missing.id} holds until ${instant(missing.until)}`);
  }
  const steps = Map.groupBy(witness.transitions, ({ transition: { key, rule } }) => `${key}/${rule}`);
  for (const [id, seen] of steps) {
    let brokenAt = -Infinity;
    for (const [index, one] of seen.entries()) {
      const left = seen[index + 1];
      if (one.transition.after.state === 'waived') checkHeld(id, one, left, brokenAt);
      // What a person accepted is left behind by a fault that is worse: what was given before does not cover it.
      if (one.transition.kind === 'worse' && one.transition.before?.state === 'waived')
        brokenAt = one.finding.waiversBrokenAt ?? one.at;
      if (one.transition.kind === 'waiver-ended') checkLeft(one);
    }
  }

  function checkHeld(id: string, entered: Seen, left: Seen | undefined, brokenAt: number): void {
    const waiver = byId.get(entered.finding.waiver?.id ?? '');
    if (waiver === undefined) {
      violations.add(`${id} is waived at ${instant(entered.at)} by nothing that is stored`);
      return;
    }
    const until = endOf(waiver);
    const within = left === undefined ? sweptWithin : sweptWithinAtWorst;
    const leftAt = left?.at ?? now;
    if (leftAt > Math.max(until, entered.at) + within)
      violations.add(
        `${id} was under waiver ${waiver.id}, which ended ${instant(until)}, up to ${instant(leftAt)} at the least`,
      );
    if (left?.transition.kind === 'waiver-ended' && until > left.at + longestSkew)
      violations.add(`${id} left waiver ${waiver.id} at ${instant(left.at)}, which holds until ${instant(until)}`);
    if (entered.transition.kind !== 'waived') return;
    if (waiver.from > entered.at + longestSkew || until < entered.at - longestAudit)
      violations.add(`${id} came at ${instant(entered.at)} under waiver ${waiver.id}, which did not hold then`);
    if (!isAbout(waiver, entered)) violations.add(`${id} came under waiver ${waiver.id}, which is not about it`);
    if (waiver.createdAt < brokenAt - 2 * longestSkew)
      violations.add(
        `${id} came under waiver ${waiver.id} of ${instant(waiver.createdAt)}, although it got worse since`,
      );
  }

  function checkLeft({ finding, at }: Seen): void {
    if (finding.waiversBrokenAt !== null) return;
    const stillHeld = all.find(
      (waiver) =>
        endOf(waiver) > at + longestSkew && covers(waiver, finding, () => null) && givenAt(waiver) < at - sweptWithin,
    );
    if (stillHeld === undefined) return;
    violations.add(`${finding.id} left its waiver at ${instant(at)} although ${stillHeld.id} held`);
  }
}

function endOf({ until, removed }: Waiver): number {
  return Math.min(until, removed?.at ?? Infinity);
}

function isAbout({ scope }: Waiver, { transition: { key, rule } }: Seen): boolean {
  if (scope.rule !== null && scope.rule !== rule) return false;
  if (scope.kind === 'finding') return scope.key === key;
  return scope.kind === 'account' && scope.accountKey === key;
}
