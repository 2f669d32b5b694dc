import type { Gap } from '../model/collection.ts';
import type { Outcome, Severity } from '../model/verdict.ts';

/** A nightly audit. Times are epoch milliseconds, UTC. */
export interface Run {
  readonly id: string;
  readonly tenantId: string;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  /** How many shards it was cut into. */
  readonly shards: number;
  readonly gaps: readonly Gap[];
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
  /** Open findings written for the first time in a subscription that had no audit before: told in one summary. */
  readonly baselined: number;
  readonly worst: Severity | null;
}

export const emptyTally: Tally = {
  verdicts: { pass: 0, fail: 0, warn: 0, unknown: 0, 'not-applicable': 0 },
  opened: 0,
  reopened: 0,
  resolved: 0,
  baselined: 0,
  worst: null,
};
