import type { CollectionName, Gap } from './collection.ts';

/** The place of what lies in no subscription, and of a list as a whole. No subscription id looks like this. */
export const wholeTenant = 'tenant';

/** Why something was not read, and the permission that would mend it. */
export type CoverageGap = Pick<Gap, 'reason' | 'needs'>;

/** What a run read of one collection in one place. */
export interface CollectionRead {
  readonly collection: CollectionName;
  /** Subscription id in lower case, or `tenant`. */
  readonly place: string;
  readonly rows: number;
  /** Pages of the whole list, told at place `tenant`; null where nobody counted. */
  readonly pages: number | null;
  /** Empty: it was read whole. Each once, sorted. */
  readonly gaps: readonly CoverageGap[];
}

/** An entry of a run's coverage ledger. */
export interface Coverage extends CollectionRead {
  /** When the facts of the run were read that last read it whole, epoch milliseconds; null: never so far. */
  readonly readAt: number | null;
  /** How many runs in a row, this one among them, have not read it whole; absent in a ledger of an older version. */
  readonly missedRuns?: number | undefined;
}

/** The place that a gap's scope lies in: an account is told of by its subscription. */
export function placeOfScope(scope: string): string {
  return /^\/subscriptions\/([^/]+)/.exec(scope)?.[1]?.toLowerCase() ?? wholeTenant;
}

/**
 * Whether an entry tells of something that was read whole before, and is not now. A service that was busy for a night is
 * not lost: what was only throttled counts from the second run in a row.
 */
export function isLost(entry: Coverage): boolean {
  const { gaps, readAt } = entry;
  if (gaps.length === 0 || readAt === null) return false;
  return missedRuns(entry) > 1 || gaps.some(({ reason }) => reason !== 'throttled');
}

export function missedRuns({ gaps, missedRuns }: Coverage): number {
  return missedRuns ?? Math.min(gaps.length, 1);
}
