import type { Actor, CauseEvents } from '../findings/finding.ts';
import type { Settings } from '../model/settings.ts';
import type { Digest } from '../remediation/job.ts';
import type { ChangeTime } from './change-time.ts';
import type { Messages } from './ports.ts';

/** A change that somebody says has happened to an account: a hint to look, nothing more (law 2). */
export interface AccountHint {
  readonly eventId: string;
  /** ARM id of the storage account, any case. */
  readonly accountId: string;
  readonly actor: Actor;
  /** The resource's own time, epoch milliseconds; absent or null where nobody told it. */
  readonly at?: number | null | undefined;
  /** When the hint came first, epoch milliseconds; absent: now. */
  readonly receivedAt?: number | undefined;
  /** Who says so: Event Grid where absent, or the directory watch. */
  readonly causeKind?: 'event' | 'watch' | undefined;
  /** Of the directory watch: when it changed, as far as that is known; it decides no window. */
  readonly change?: ChangeTime | null | undefined;
}

export interface QueuePorts {
  readonly messages: Messages;
  readonly now: () => number;
  readonly digest: Digest;
}

/** As long as the broker knows duplicates on `audit-work`. */
const duplicatesKnownMs = 10 * 60_000;

/**
 * Queues the audit of each account for the end of the debounce window that its hint is in: all hints of one window are one
 * message, and the state read is the last one in it. A later hint has another window and so another message.
 */
export async function queueAccounts(
  hints: readonly AccountHint[],
  settings: Settings,
  ports: QueuePorts,
): Promise<void> {
  const windowMs = settings.watch.debounceSeconds * 1000;
  const now = ports.now();
  await ports.messages.auditWork(
    hints.map((hint) => {
      const receivedAt = hint.receivedAt ?? now;
      const dueAt = debounceEnd(hint.at ?? null, receivedAt, windowMs);
      const window = windowMs === 0 ? hint.eventId : String(dueAt / windowMs - 1);
      const events = eventsOf(hint, receivedAt, dueAt);
      return {
        messageId: ports.digest(`${hint.accountId.toLowerCase()}|${window}`),
        work: {
          kind: 'account',
          accountId: hint.accountId,
          cause: {
            kind: hint.causeKind ?? 'event',
            id: hint.eventId,
            actor: hint.actor,
            ...(events === null ? {} : { events }),
          },
        },
        notBefore: windowMs === 0 ? null : dueAt,
      } as const;
    }),
  );
}

/**
 * The end of the debounce window, epoch milliseconds. A window is that of the receipt, or of the event's own time where
 * this clock is behind it: else a clock that steps back would put a new event into a window whose message is read
 * already, and the broker would drop it as a duplicate. A time further ahead than the broker remembers is not believed.
 */
export function debounceEnd(at: number | null, receivedAt: number, windowMs: number): number {
  const ahead = at !== null && at > receivedAt && at - receivedAt <= duplicatesKnownMs;
  const time = ahead ? at : receivedAt;
  return windowMs === 0 ? time : (Math.floor(time / windowMs) + 1) * windowMs;
}

function eventsOf({ eventId, at, change }: AccountHint, receivedAt: number, dueAt: number): CauseEvents | null {
  if (change !== undefined && change !== null) {
    return { ids: [eventId], changedAt: change.at, changedAtIs: change.is, plane: 'directory', receivedAt, dueAt };
  }
  return at === undefined || at === null ? null : { ids: [eventId], changedAt: at, receivedAt, dueAt };
}
