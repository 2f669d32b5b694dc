import { isBelievable } from '../model/believable.ts';
import type { Cause, Finding, Transition } from './finding.ts';
import { isFaulty, type Step, stepFor, type Stimulus } from './lifecycle.ts';
import { placeOf } from './place.ts';
import { standingOf } from './standing.ts';

/** `transition` null with `next` set: evidence or wording changed, nothing else. Both null: nothing to write. */
export interface Reduction {
  readonly next: Finding | null;
  readonly transition: Transition | null;
}

export const unchanged: Reduction = { next: null, transition: null };

export interface StepContext {
  /** Epoch milliseconds, UTC. */
  readonly now: number;
  readonly cause: Cause;
  /** What the person said, or which waiver it is. */
  readonly note?: string;
}

/** Returns within this time count as flapping together. */
const flapWindowMs = 7 * 24 * 3_600_000;
const flapsToFlapping = 3;

/**
 * Takes the step that the lifecycle has for a stimulus; `unchanged` where it has none.
 * @param seen the finding with what was seen or done written into it; its state and its counts are still the former ones.
 */
export function takeStep(before: Finding | null, on: Stimulus, seen: Finding, context: StepContext): Reduction {
  const step = stepFor(before?.state ?? 'none', on);
  if (step === null) return unchanged;
  const { now } = context;
  // A clock that stepped back must not put a transition before the one it follows; one far ahead must not date all that follow.
  const at = before !== null && isBelievable(before.changedAt, now) ? Math.max(now, before.changedAt) : now;
  const comesBack = before !== null && !isFaulty(before.state);
  const opens = before === null || comesBack || on === 'waiver-ended';
  const next: Finding = {
    ...seen,
    ...heldIn(step, seen),
    state: step.to,
    episode: seen.episode + Number(opens),
    transitions: seen.transitions + 1,
    openedAt: opens ? at : seen.openedAt,
    repairAttempts: opens ? 0 : seen.repairAttempts,
    changedAt: at,
    flaps: comesBack ? [...seen.flaps.filter((time) => at - time < flapWindowMs), at] : seen.flaps,
  };
  const transition: Transition = {
    findingId: next.id,
    key: placeOf(next).key,
    rule: next.rule,
    number: next.transitions,
    kind: step.kind,
    at,
    cause: context.cause,
    before: before === null ? null : standingOf(before),
    after: standingOf(next),
    title: next.title,
    episode: next.episode,
    ...(context.note === undefined ? {} : { note: context.note }),
    ...(before?.repair ? { repair: before.repair.jobId } : {}),
  };
  return { next, transition };
}

/** What a person gave, or a repair that is under way, lasts as long as the state that it belongs to; a closed finding keeps its waiver for when it comes back. */
function heldIn({ to }: Step, seen: Finding): Pick<Finding, 'acknowledgement' | 'waiver' | 'repair'> {
  return {
    acknowledgement: to === 'acknowledged' ? seen.acknowledgement : null,
    waiver: to === 'waived' || !isFaulty(to) ? seen.waiver : null,
    repair: to === 'remediating' ? seen.repair : null,
  };
}

/** Whether it came back three times or more in the seven days before `now` (epoch milliseconds, UTC). */
export function isFlapping({ flaps }: Pick<Finding, 'flaps'>, now: number): boolean {
  return flaps.filter((time) => now - time < flapWindowMs).length >= flapsToFlapping;
}
