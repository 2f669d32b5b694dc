import type { Retention, Settings } from '../model/settings.ts';

const day = 24 * 60 * 60_000;
/**
 * An alert may be handed over for so long after it was sent. One that was counts as told for as long as the inbox knows it,
 * and a finding that comes back after it was forgotten numbers its transitions, and so its alerts, from one again.
 */
const longestDelivery = day;
/** How much one call removes of each kind, so that it ends; the next call goes on. */
const mostPerCall = 2000;

/** What was removed, in rows, and whether there is more. */
export interface Removed {
  readonly rows: number;
  readonly more: boolean;
}

/**
 * What ages in the store. Each member removes what is older than `before` (epoch milliseconds; what is exactly as old
 * stays), `most` rows or a few more, and never what belongs to a finding that is not closed.
 */
export interface Expired {
  /** Transitions, changes of facts and who made them. Those of an open finding stay. */
  history(before: number, most: number): Promise<Removed>;
  /** Runs by their start, with their files, and what sweeps and alerts took down beside them. The last finished run stays: the next one is compared with it. */
  runs(before: number, most: number): Promise<Removed>;
  /** Ids of events that were seen. */
  inbox(before: number, most: number): Promise<Removed>;
  /** Findings resolved or gone, by their last change; one whose transition was not sent yet stays. */
  closedFindings(before: number, most: number): Promise<Removed>;
}

export interface PurgePorts {
  readonly expired: Expired;
}

export type Purged = Readonly<Record<keyof Expired, Removed>>;

/**
 * Removes what settings keep no longer. Bounded: what is left over goes with the next call.
 * @param now epoch milliseconds
 */
export async function purge({ expired }: PurgePorts, settings: Settings, now: number): Promise<Purged> {
  const before = (days: keyof Retention): number => now - settings.retention[days] * day;
  return {
    history: await expired.history(before('historyDays'), mostPerCall),
    runs: await expired.runs(before('runsDays'), mostPerCall),
    inbox: await expired.inbox(before('inboxDays'), mostPerCall),
    closedFindings: await expired.closedFindings(
      Math.min(before('resolvedFindingsDays'), before('inboxDays') - longestDelivery),
      mostPerCall,
    ),
  };
}
