import type { Digest } from './drift-ports.ts';
import type { Gap } from '../model/collection.ts';
import type { CollectionRead } from '../model/coverage.ts';
import type { Outcome, Severity } from '../model/verdict.ts';

/** A nightly audit. Times are epoch milliseconds, UTC. */
export interface Run {
  readonly id: string;
  readonly tenantId: string;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  /** How many shards it was cut into, that of the tenant included. */
  readonly shards: number;
  /** Of what the switched-on rules need; those that shards met come with the end of the run. */
  readonly gaps: readonly Gap[];
  /** Those of the shards come with the end of the run. */
  readonly requests: {
    readonly resourceGraph: number;
    readonly graph: number;
    readonly arm: number;
    readonly throttled: number;
  };
  readonly accounts: { readonly seen: number; readonly inScope: number };
  /** Null until it is finished. */
  readonly tally: Tally | null;
  /** What was found out since the run before of who made changes; absent until it is finished, and of an older version. */
  readonly digest?: Digest | undefined;
}

/** What the shards of a run found, added up. */
export interface Tally {
  readonly verdicts: Readonly<Record<Outcome, number>>;
  readonly opened: number;
  readonly reopened: number;
  readonly resolved: number;
  /** Open findings written for the first time in a partition that had no audit before: told in one summary. */
  readonly baselined: number;
  readonly worst: Severity | null;
  /** Changes of accounts that no event had told of since the run before. */
  readonly missedByEvents: MissedByEvents;
  readonly vanished: Vanished;
}

/** What the event path missed. `atMostMs` is the upper bound of how late the latest was noticed; null for none. */
export interface MissedByEvents {
  readonly count: number;
  readonly atMostMs: number | null;
}

/** Accounts that the store knows and that the run has not judged. */
export interface Vanished {
  /** Accounts that are not in the complete list of their subscription: each is asked for on its own, and 404 closes its findings. */
  readonly asked: number;
  /** Those that wait for the next run. */
  readonly waiting: number;
  /** Accounts found under another id for the first time. */
  readonly moved: number;
  /** Findings not closed of accounts that settings leave out; the first of them by name. */
  readonly outOfScope: { readonly count: number; readonly findings: readonly string[] };
}

/** What one shard adds to its run. */
export interface ShardTally extends Tally {
  readonly gaps: readonly Gap[];
  readonly requests: Run['requests'];
  /** What it read for each of its accounts, for the coverage ledger. */
  readonly reads?: readonly CollectionRead[] | undefined;
}

export const noRequests: Run['requests'] = { resourceGraph: 0, graph: 0, arm: 0, throttled: 0 };

export const noneVanished: Vanished = { asked: 0, waiting: 0, moved: 0, outOfScope: { count: 0, findings: [] } };

export const emptyTally: Tally = {
  verdicts: { pass: 0, fail: 0, warn: 0, unknown: 0, 'not-applicable': 0 },
  opened: 0,
  reopened: 0,
  resolved: 0,
  baselined: 0,
  worst: null,
  missedByEvents: { count: 0, atMostMs: null },
  vanished: noneVanished,
};
