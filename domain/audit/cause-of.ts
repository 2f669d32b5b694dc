import type { Actor, Cause, CauseEvents } from '../findings/finding.ts';
import { isBelievable } from '../model/believable.ts';
import type { Settings } from '../model/settings.ts';
import { hasEnded } from '../remediation/job.ts';
import type { Inbox, InboxEntry } from './inbox.ts';
import type { AccountReads, JobStore, RunStore } from './ports.ts';
import { debounceEnd } from './queue-account.ts';
import { readJob } from './repair-jobs.ts';

export interface CauseOfPorts {
  readonly inbox: Inbox;
  readonly accountReads: AccountReads;
  readonly runs: RunStore;
  readonly jobs: Pick<JobStore, 'find'>;
  readonly now: () => number;
}

/** How far the clock of Azure's events may be ahead of this one. */
const skewMs = 5 * 60_000;
/** More events than this since the last read, and nobody is named. */
const entryLimit = 500;
const idLimit = 20;

const nobody: Actor = { kind: 'unknown', objectId: null };

/**
 * The cause of an account's audit, told before it is read: the actor is who all events claim whose own time lies since
 * the last read. An event from before that may be late, but what it changed was seen already: it names nobody, and neither
 * do two events that name different people. Other causes stay as they are.
 */
export async function causeOf(
  cause: Cause,
  accountId: string,
  settings: Settings,
  ports: CauseOfPorts,
): Promise<Cause> {
  if (cause.kind === 'verification') return verificationOf(cause, accountId, ports.jobs);
  if (cause.kind !== 'event') return cause;
  const key = accountId.toLowerCase();
  const since = await lastReadAt(key, ports);
  // What is dated later may be forged, or of a clock that is ahead: it counts for nothing, however much of it there is.
  const until = ports.now() + skewMs;
  const entries = await ports.inbox.between(key, since, until, entryLimit);
  const { events: own, ...bare } = cause;
  if (entries === null) return { ...bare, actor: nobody };
  const within = entries.flatMap((entry) => (entry.at === null ? [] : [{ ...entry, at: entry.at }]));
  const [oldest] = within;
  if (oldest === undefined) {
    // Its own event was queued when the inbox could not be reached, or is late.
    const current = own !== undefined && own.changedAt > since && own.changedAt <= until;
    return current ? cause : { ...bare, actor: nobody };
  }
  return { ...bare, actor: commonActor(within), events: eventsOf(within, oldest, settings) };
}

/**
 * Nothing verifies a job that is not stored, is not settled, or concerns another account: to look all the same is harmless,
 * but what is found is neither that job's doing nor its failure.
 */
async function verificationOf(cause: Cause, accountId: string, jobs: CauseOfPorts['jobs']): Promise<Cause> {
  const read = await readJob(cause.id, jobs);
  const stored = read === 'unreadable' ? null : read;
  const isOurs = stored?.job.accounts.some(({ id }) => id.toLowerCase() === accountId.toLowerCase()) === true;
  if (!isOurs || !hasEnded(stored.state)) return { kind: 'event', id: cause.id, actor: nobody };
  // What is found after a job that changed nothing, or that may have, is nobody's known doing.
  const actor: Actor =
    stored.state === 'done' ? { kind: 'application', objectId: stored.report?.actor ?? null } : nobody;
  return { kind: 'verification', id: cause.id, actor };
}

/** When the account was read last, on its own or by a run that was begun, judged or not; 0 for never. */
async function lastReadAt(accountKey: string, ports: CauseOfPorts): Promise<number> {
  const subscriptionId = /^\/subscriptions\/([^/]+)\//.exec(accountKey)?.[1] ?? '';
  const read = await ports.accountReads.last(subscriptionId, accountKey);
  const [run] = await ports.runs.latest(1);
  const times = [read ?? 0, run?.startedAt ?? 0];
  return Math.max(0, ...times.filter((time) => isBelievable(time, ports.now())));
}

function commonActor(entries: readonly InboxEntry[]): Actor {
  const [first, ...others] = entries.map(({ actor }) => actor);
  if (first === undefined) return nobody;
  return others.every(({ kind, objectId }) => kind === first.kind && objectId === first.objectId) ? first : nobody;
}

function eventsOf(
  within: readonly InboxEntry[],
  oldest: InboxEntry & { readonly at: number },
  settings: Settings,
): CauseEvents {
  return {
    ids: within.slice(-idLimit).map(({ eventId }) => eventId),
    changedAt: oldest.at,
    receivedAt: oldest.receivedAt,
    dueAt: debounceEnd(oldest.at, oldest.receivedAt, settings.watch.debounceSeconds * 1000),
  };
}
