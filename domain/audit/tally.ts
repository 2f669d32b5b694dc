import type { Transition } from '../findings/finding.ts';
import { worstSeverity } from '../findings/reduce.ts';
import type { CollectionRead } from '../model/coverage.ts';
import type { Gap } from '../model/collection.ts';
import type { Outcome, Severity, Verdict } from '../model/verdict.ts';
import { foldedGaps } from './gaps.ts';
import {
  emptyTally,
  type MissedByEvents,
  noneVanished,
  noRequests,
  type Run,
  type ShardTally,
  type Tally,
  type Vanished,
} from './run.ts';

/** What one shard saw and did. */
export interface ShardOutcome {
  readonly verdicts: readonly Verdict[];
  readonly transitions: readonly Transition[];
  /** Open findings that a first audit wrote; 0 for any other. */
  readonly baselined: number;
  /** Beside those that the verdicts name. */
  readonly gaps: readonly Gap[];
  readonly requests: Run['requests'];
  readonly missedByEvents?: MissedByEvents;
  readonly vanished?: Vanished;
  readonly reads?: readonly CollectionRead[];
}

export function tallyOf({
  verdicts,
  transitions,
  baselined,
  gaps,
  requests,
  missedByEvents = emptyTally.missedByEvents,
  vanished = noneVanished,
  reads = [],
}: ShardOutcome): ShardTally {
  const counts: Record<Outcome, number> = { ...emptyTally.verdicts };
  let worst: Severity | null = null;
  for (const { outcome, severity } of verdicts) {
    counts[outcome] += 1;
    if (outcome === 'fail' || outcome === 'warn') worst = worst === null ? severity : worstSeverity(worst, severity);
  }
  return {
    ...countTransitions(transitions),
    verdicts: counts,
    baselined,
    worst: worst === 'info' ? null : worst,
    gaps: foldedGaps([...gaps, ...verdicts.flatMap((verdict) => verdict.gaps)]),
    requests,
    missedByEvents,
    vanished,
    reads,
  };
}

/** What transitions alone add to a run. */
export function countTransitions(transitions: readonly Transition[]): Tally {
  const count = (kind: Transition['kind']): number =>
    transitions.filter((transition) => transition.kind === kind).length;
  return { ...emptyTally, opened: count('opened'), reopened: count('reopened'), resolved: count('resolved') };
}

/** What the shards of a run found together. */
export function sumOfTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(add, emptyTally);
}

export function sumOfRequests(requests: readonly Run['requests'][]): Run['requests'] {
  return requests.reduce(
    (sum, more) => ({
      resourceGraph: sum.resourceGraph + more.resourceGraph,
      graph: sum.graph + more.graph,
      arm: sum.arm + more.arm,
      throttled: sum.throttled + more.throttled,
    }),
    noRequests,
  );
}

function add(a: Tally, b: Tally): Tally {
  return {
    verdicts: {
      pass: a.verdicts.pass + b.verdicts.pass,
      fail: a.verdicts.fail + b.verdicts.fail,
      warn: a.verdicts.warn + b.verdicts.warn,
      unknown: a.verdicts.unknown + b.verdicts.unknown,
      'not-applicable': a.verdicts['not-applicable'] + b.verdicts['not-applicable'],
    },
    opened: a.opened + b.opened,
    reopened: a.reopened + b.reopened,
    resolved: a.resolved + b.resolved,
    baselined: a.baselined + b.baselined,
    worst: a.worst === null ? b.worst : b.worst === null ? a.worst : worstSeverity(a.worst, b.worst),
    missedByEvents: {
      count: a.missedByEvents.count + b.missedByEvents.count,
      atMostMs: later(a.missedByEvents.atMostMs, b.missedByEvents.atMostMs),
    },
    vanished: {
      asked: a.vanished.asked + b.vanished.asked,
      waiting: a.vanished.waiting + b.vanished.waiting,
      moved: a.vanished.moved + b.vanished.moved,
      outOfScope: {
        count: a.vanished.outOfScope.count + b.vanished.outOfScope.count,
        findings: [...a.vanished.outOfScope.findings, ...b.vanished.outOfScope.findings],
      },
    },
  };
}

function later(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}
