import type { Gap } from '../model/collection.ts';
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
}

/** What one shard adds to its run. */
export interface ShardTally extends Tally {
  readonly gaps: readonly Gap[];
  readonly requests: Run['requests'];
}

export const noRequests: Run['requests'] = { resourceGraph: 0, graph: 0, arm: 0, throttled: 0 };

export const emptyTally: Tally = {
  verdicts: { pass: 0, fail: 0, warn: 0, unknown: 0, 'not-applicable': 0 },
  opened: 0,
  reopened: 0,
  resolved: 0,
  baselined: 0,
  worst: null,
};
