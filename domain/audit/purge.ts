import type { Retention, Settings } from '../model/settings.ts';
import { type ListedAccounts, listedAccounts, type ListedAccountsPorts } from './listed-accounts.ts';

const day = 24 * 60 * 60_000;
/**
 * An alert may be handed over for so long after it was sent. One that was counts as told for as long as the inbox knows it,
 * and a finding that comes back after it was forgotten numbers its transitions, and so its alerts, from one again.
 */
const longestDelivery = day;
/** What a sweep says once a week, or a few times in a run's or a job's life, must not be said again. */
const longestSaid = 30 * day;
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
  /**
   * Jobs by when they were settled; one that nobody carried out, by when it expired. A finding that was forgotten opens its
   * first episode again, and so the same jobs: they go before it.
   */
  jobs(before: number, most: number): Promise<Removed>;
  /** Manual tasks by when they were written; that of a finding as it stands stays. */
  tasks(before: number, most: number): Promise<Removed>;
  /**
   * When accounts were read and what their facts were, of those that are proved to be listed no more, are not followed by
   * the watch, have no finding, and were not read since; and which were removed from the watch.
   */
  accounts(before: number, most: number, listed: ListedAccounts): Promise<Removed>;
  /** What sweeps said or did only once. */
  marks(before: number, most: number): Promise<Removed>;
  /** Findings resolved or gone, by their last change; one whose transition was not sent yet stays, and one with a job. */
  closedFindings(before: number, most: number): Promise<Removed>;
}

export interface PurgePorts extends ListedAccountsPorts {
  readonly expired: Expired;
}

export type Purged = Readonly<Record<keyof Expired, Removed>>;

const nothing: Removed = { rows: 0, more: false };

/** Removes what settings keep no longer. Bounded: what is left over goes with the next call. */
export async function purge(ports: PurgePorts, settings: Settings): Promise<Purged> {
  const { expired } = ports;
  const now = ports.now();
  const before = (days: keyof Retention): number => now - settings.retention[days] * day;
  const listed = await listedAccounts(ports);
  const history = await expired.history(before('historyDays'), mostPerCall);
  const runs = await expired.runs(before('runsDays'), mostPerCall);
  const marks = await expired.marks(Math.min(before('historyDays'), now - longestSaid), mostPerCall);
  const inbox = await expired.inbox(before('inboxDays'), mostPerCall);
  const jobs = await expired.jobs(before('historyDays'), mostPerCall);
  const tasks = await expired.tasks(before('resolvedFindingsDays'), mostPerCall);
  // Never before what knows it by its numbers: its alerts in the inbox, and its jobs.
  const closedFindings =
    inbox.more || jobs.more || tasks.more
      ? { ...nothing, more: true }
      : await expired.closedFindings(
          Math.min(before('resolvedFindingsDays'), before('inboxDays') - longestDelivery),
          mostPerCall,
        );
  const accounts = listed === null ? nothing : await expired.accounts(before('runsDays'), mostPerCall, listed);
  return { history, runs, marks, inbox, jobs, tasks, closedFindings, accounts };
}
