import { isBelievable } from '../model/believable.ts';
import { compareSeverity, type Severity, type Verdict } from '../model/verdict.ts';
import { type Cause, type Finding, type FindingAbout, type HeldWaiver, mostRepairAttempts } from './finding.ts';
import { isFaulty, isFindingState, type Stimulus } from './lifecycle.ts';
import { exceeds, faultStandingOf, isWorse, sameFault } from './standing.ts';
import { type Reduction, takeStep, unchanged } from './take-step.ts';
import { bestWaiver, type LiveWaivers, unbroken, type Waiver } from './waiver.ts';

/** What was seen: a rule's verdict on an account or a subject, or that the account is proved not to exist any more. */
export type Observation =
  | { readonly kind: 'verdict'; readonly rule: string; readonly about: FindingAbout; readonly verdict: Verdict }
  | { readonly kind: 'account-absent' };

export interface ObservationContext {
  /** Epoch milliseconds, UTC. */
  readonly now: number;
  /** When the facts were read, epoch milliseconds; at or before `now`. */
  readonly factsReadAt: number;
  readonly cause: Cause;
  /** Absent: nobody looked, so that a waived finding stays under its waiver until that one's own end. */
  readonly waivers?: LiveWaivers;
  /** Ids of expired jobs that nobody carried out; absent: none. */
  readonly lapsedJobs?: ReadonlySet<string>;
  /** Ids of jobs that had ended long enough when the facts were read for these to show what came of it; absent: none. */
  readonly overJobs?: ReadonlySet<string>;
}

/**
 * The one way in which what was seen changes a finding. Pure: the same stored finding, observation and context give the
 * same reduction. An unreadable fact changes nothing (law 1), and facts older than those the finding rests on change
 * nothing (law 2), unless those bear a time that is yet to come; that a waiver has ended needs no fact. A state that a newer version wrote is left alone.
 */
export function reduce(stored: Finding | null, observation: Observation, context: ObservationContext): Reduction {
  if (stored !== null && !isFindingState(stored.state)) return unchanged;
  if (stored !== null && restsOnYounger(stored, context)) return endedWaiver(stored, context);
  if (observation.kind === 'account-absent')
    return stored === null ? unchanged : takeStep(stored, 'account-absent', asRead(stored, context), context);
  const { rule, about, verdict } = observation;
  if (verdict.outcome === 'unknown' && verdict.gaps.length > 0) return endedWaiver(stored, context);
  const outcome = faultOf(verdict);
  if (outcome === null)
    return stored === null ? unchanged : takeStep(stored, 'clean-seen', asRead(stored, context), context);
  const { severity, title, evidence, deciders } = verdict;
  const base = stored ?? unseen(rule, about, context.now);
  const seen: Finding = asRead({ ...base, ...about, outcome, severity, title, evidence, deciders }, context);
  const told = stimulusOf(stored, seen, context);
  if (told === null)
    return stored === null || isAsStored(stored, seen, context) ? unchanged : { next: seen, transition: null };
  const { waiversBrokenAt } = seen;
  const standing = { ...seen, waiver: told.waiver, waiversBrokenAt: told.breaks ? context.now : waiversBrokenAt };
  return told.on === 'fault-under-waiver'
    ? underWaiver(stored, standing, context)
    : takeStep(stored, told.on, standing, context);
}

/** The outcome that a verdict gives a finding; null when there is nothing to report. An info warn is a note, not a fault. */
function faultOf(verdict: Verdict): Finding['outcome'] | null {
  switch (verdict.outcome) {
    case 'fail':
    case 'unknown':
      return verdict.outcome;
    case 'warn':
      return verdict.severity === 'info' ? null : 'warn';
    case 'pass':
    case 'not-applicable':
      return null;
  }
}

interface Told {
  readonly on: Stimulus;
  /** The one that it is under from now on, with how the fault stood when it came under it. */
  readonly waiver: HeldWaiver | null;
  /** Whether the fault is beyond what a waiver allowed, which ends all that were given before. */
  readonly breaks: boolean;
}

/** What seeing the fault means for the finding; null when it is just as it was. */
function stimulusOf(stored: Finding | null, seen: Finding, context: ObservationContext): Told | null {
  const waiver = waiverFor(stored, seen, context);
  const held = stored?.waiver ?? null;
  const under = (on: Stimulus): Told => ({ on, waiver: held, breaks: false });
  const beyond = held !== null && exceeds(held.standing, seen);
  if (stored === null || !isFaulty(stored.state)) {
    if (waiver === null) return under('fault-seen');
    if (beyond && waiver.id === held.id) return { on: 'fault-seen', waiver: null, breaks: true };
    return { on: 'fault-under-waiver', waiver: waiver.id === held?.id ? held : heldOf(waiver, seen), breaks: false };
  }
  if (stored.state === 'waived') {
    if (beyond) return { on: 'fault-worse', waiver: null, breaks: true };
    if (waiver === null) return under('waiver-ended');
    if (waiver.id !== held?.id) return { on: 'fault-under-waiver', waiver: heldOf(waiver, seen), breaks: false };
  } else if (waiver !== null && stored.state !== 'remediating') {
    return { on: 'fault-under-waiver', waiver: heldOf(waiver, seen), breaks: false };
  }
  // What was accepted while a repair was under way was no more than what it was to mend.
  if (isWorseThanKnown(stored, seen)) return { on: 'fault-worse', waiver: held, breaks: waiver !== null };
  if (stored.state === 'remediating' && isUnhelped(stored, context)) {
    if (waiver !== null) return { on: 'fault-under-waiver', waiver: heldOf(waiver, seen), breaks: false };
    const isLapsed = stored.repair !== null && context.lapsedJobs?.has(stored.repair.jobId) === true;
    if (!isLapsed) return under('repair-did-not-help');
    return under(stored.repairAttempts < mostRepairAttempts ? 'repair-lapsed' : 'repair-given-up');
  }
  return sameFault(stored, seen) ? null : under('fault-other');
}

/** An acknowledgement was given for how the fault stood then; a waiver's own standing is looked at before. */
function isWorseThanKnown(stored: Finding, seen: Finding): boolean {
  if (stored.state === 'waived') return false;
  return stored.acknowledgement === null ? isWorse(stored, seen) : exceeds(stored.acknowledgement.standing, seen);
}

/** Whether the repair should show by now: its own verification looked, or its job has ended or expired. */
function isUnhelped(
  { repair, changedAt }: Finding,
  { cause, factsReadAt, now, overJobs }: ObservationContext,
): boolean {
  if (repair === null || !isBelievable(changedAt, now) || overJobs?.has(repair.jobId) === true) return true;
  return (cause.kind === 'verification' && cause.id === repair.jobId) || factsReadAt > repair.expiresAt;
}

/** The waiver that counts for the finding now; one that it is under already counts even if something broke others since. */
function waiverFor(
  stored: Finding | null,
  about: Finding,
  { waivers, now }: ObservationContext,
): Pick<Waiver, 'id' | 'until'> | null {
  const held = stored?.waiver ?? null;
  if (waivers === undefined) return held !== null && now < held.until ? held : null;
  return bestWaiver(about, stored === null ? waivers : begun(stored, unbroken(stored, waivers), now), now);
}

/** The waiver that a finding is under has begun: the clock of whoever gave it may be ahead, or an audit's time is of before. */
function begun({ state, waiver: held }: Finding, { all, tagsOf }: LiveWaivers, now: number): LiveWaivers {
  const isHeld = ({ id, from }: Waiver): boolean => state === 'waived' && id === held?.id && isBelievable(from, now);
  return { all: all.map((one) => (isHeld(one) ? { ...one, from: Math.min(one.from, now) } : one)), tagsOf };
}

/** Ends a waiver that is over, or hands over to another that covers the finding, whatever the facts; anything else stays. */
function endedWaiver(stored: Finding | null, context: ObservationContext): Reduction {
  if (stored?.state !== 'waived') return unchanged;
  const waiver = waiverFor(stored, stored, context);
  if (waiver === null) return takeStep(stored, 'waiver-ended', stored, context);
  if (waiver.id === stored.waiver?.id) return unchanged;
  return underWaiver(stored, { ...stored, waiver: heldOf(waiver, stored) }, context);
}

function underWaiver(stored: Finding | null, next: Finding, context: ObservationContext): Reduction {
  return takeStep(stored, 'fault-under-waiver', next, { ...context, note: `Waiver ${next.waiver?.id ?? ''}` });
}

export function heldOf({ id, until }: Pick<Waiver, 'id' | 'until'>, fault: Finding): HeldWaiver {
  return { id, until, standing: faultStandingOf(fault) };
}

function asRead(finding: Finding, { factsReadAt }: ObservationContext): Finding {
  return { ...finding, factsReadAt };
}

/** A finding that was never stored, with no count begun. */
function unseen(rule: string, about: FindingAbout, now: number): Finding {
  return {
    id: about.account === null ? `-/${rule}/${about.subject}` : `${about.account.name}/${rule}`,
    rule,
    ...about,
    state: 'open',
    outcome: 'unknown',
    severity: 'info',
    title: '',
    evidence: {},
    deciders: [],
    episode: 0,
    transitions: 0,
    firstSeenAt: now,
    openedAt: now,
    changedAt: now,
    factsReadAt: now,
    flaps: [],
    acknowledgement: null,
    waiver: null,
    waiversBrokenAt: null,
    repairAttempts: 0,
    repair: null,
  };
}

/** Whether a finding rests on facts that were read later than these, as far as the clock tells. */
export function restsOnYounger(
  { factsReadAt }: Pick<Finding, 'factsReadAt'>,
  context: Pick<ObservationContext, 'factsReadAt' | 'now'>,
): boolean {
  return context.factsReadAt < factsReadAt && isBelievable(factsReadAt, context.now);
}

/** A time that cannot be is put right even where nothing else is to be written. */
function isAsStored(stored: Finding, seen: Finding, { now }: ObservationContext): boolean {
  return sameWording(stored, seen) && isBelievable(stored.factsReadAt, now);
}

function sameWording(a: Finding, b: Finding): boolean {
  return a.title === b.title && sameJson(a.evidence, b.evidence) && sameJson(a.account, b.account);
}

/** Compares by content; the order of an object's keys does not count, that of a list does. */
function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && sameJson(value, right.get(key)));
}

/** The higher of two severities. */
export function worstSeverity(a: Severity, b: Severity): Severity {
  return compareSeverity(a, b) <= 0 ? a : b;
}
