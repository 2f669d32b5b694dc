import { compareSeverity, type Severity, type Verdict } from '../model/verdict.ts';
import type { Cause, Finding, FindingAbout, FindingStanding, Transition, TransitionKind } from './finding.ts';
import { placeOf } from './place.ts';

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
}

/** `transition` null with `next` set: evidence or wording changed, nothing else. Both null: nothing to write. */
export interface Reduction {
  readonly next: Finding | null;
  readonly transition: Transition | null;
}

const unchanged: Reduction = { next: null, transition: null };

/**
 * The one way a finding changes. Pure: the same stored finding, observation and context give the same reduction.
 * An unreadable fact changes nothing (law 1), and facts older than those the finding rests on change nothing (law 2).
 */
export function reduce(stored: Finding | null, observation: Observation, context: ObservationContext): Reduction {
  if (stored !== null && context.factsReadAt < stored.factsReadAt) return unchanged;
  if (observation.kind === 'account-absent')
    return stored?.state === 'open' ? close(stored, 'gone', context) : unchanged;
  const { verdict } = observation;
  if (verdict.outcome === 'unknown' && verdict.gaps.length > 0) return unchanged;
  const fault = faultOf(verdict);
  if (fault === null) return stored?.state === 'open' ? close(stored, 'resolved', context) : unchanged;
  if (stored === null) return open(observation.rule, observation.about, verdict, fault, null, context);
  if (stored.state !== 'open') return open(observation.rule, observation.about, verdict, fault, stored, context);
  return update(stored, observation.about, verdict, fault, context);
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

function open(
  rule: string,
  about: FindingAbout,
  verdict: Verdict,
  outcome: Finding['outcome'],
  stored: Finding | null,
  context: ObservationContext,
): Reduction {
  const next: Finding = {
    id: stored?.id ?? idOf(rule, about),
    rule,
    ...about,
    state: 'open',
    outcome,
    severity: verdict.severity,
    title: verdict.title,
    evidence: verdict.evidence,
    deciders: verdict.deciders,
    episode: (stored?.episode ?? 0) + 1,
    transitions: (stored?.transitions ?? 0) + 1,
    firstSeenAt: stored?.firstSeenAt ?? context.now,
    changedAt: context.now,
    factsReadAt: context.factsReadAt,
  };
  return { next, transition: transitionOf(stored === null ? 'opened' : 'reopened', stored, next, context) };
}

function idOf(rule: string, { account, subject }: FindingAbout): string {
  return account === null ? `-/${rule}/${subject}` : `${account.name}/${rule}`;
}

function close(stored: Finding, state: 'resolved' | 'gone', context: ObservationContext): Reduction {
  const next: Finding = {
    ...stored,
    state,
    transitions: stored.transitions + 1,
    changedAt: context.now,
    factsReadAt: context.factsReadAt,
  };
  return { next, transition: transitionOf(state, stored, next, context) };
}

function update(
  stored: Finding,
  about: FindingAbout,
  verdict: Verdict,
  outcome: Finding['outcome'],
  context: ObservationContext,
): Reduction {
  const { severity, title, evidence, deciders } = verdict;
  const seen: Finding = { ...stored, ...about, outcome, severity, title, evidence, deciders };
  if (sameStanding(standingOf(stored), standingOf(seen))) {
    return sameWording(stored, seen)
      ? unchanged
      : { next: { ...seen, factsReadAt: context.factsReadAt }, transition: null };
  }
  const next: Finding = {
    ...seen,
    transitions: stored.transitions + 1,
    changedAt: context.now,
    factsReadAt: context.factsReadAt,
  };
  return { next, transition: transitionOf(isWorse(stored, next) ? 'worse' : 'changed', stored, next, context) };
}

const outcomeOrder: readonly Finding['outcome'][] = ['fail', 'unknown', 'warn'];

/** Worse: a graver outcome, a higher severity at the same outcome, or a deciding object more at the same standing. */
function isWorse(before: FindingStanding, after: FindingStanding): boolean {
  const outcome = outcomeOrder.indexOf(after.outcome) - outcomeOrder.indexOf(before.outcome);
  if (outcome !== 0) return outcome < 0;
  const severity = compareSeverity(after.severity, before.severity);
  if (severity !== 0) return severity < 0;
  return after.deciders.some((id) => !before.deciders.includes(id));
}

function transitionOf(
  kind: TransitionKind,
  before: Finding | null,
  next: Finding,
  context: ObservationContext,
): Transition {
  return {
    findingId: next.id,
    key: placeOf(next).key,
    rule: next.rule,
    number: next.transitions,
    kind,
    at: context.now,
    cause: context.cause,
    before: before === null ? null : standingOf(before),
    after: standingOf(next),
    title: next.title,
    episode: next.episode,
  };
}

function standingOf(finding: Finding): FindingStanding {
  const { state, outcome, severity, deciders } = finding;
  return { state, outcome, severity, deciders };
}

function sameStanding(a: FindingStanding, b: FindingStanding): boolean {
  return (
    a.state === b.state && a.outcome === b.outcome && a.severity === b.severity && sameJson(a.deciders, b.deciders)
  );
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
