import type { Actor } from '../findings/finding.ts';

/** An event as it first came, beside the place it is about. Times are epoch milliseconds. */
export interface InboxEntry {
  readonly eventId: string;
  /** The resource's own time; null where the event tells none. */
  readonly at: number | null;
  readonly receivedAt: number;
  readonly actor: Actor;
}

export interface Taken {
  /**
   * `unfinished`: it came before, and nobody knows whether it was followed to the end, so it is followed again. `unreachable`:
   * the inbox cannot tell; following an event twice is harmless and losing one is not, so it is followed too.
   */
  readonly state: 'new' | 'unfinished' | 'done' | 'unreachable';
  /** When it came first. */
  readonly receivedAt: number;
}

/** Which events came, for longer than the broker remembers. A place is an ARM id or scope in lower case. */
export interface Inbox {
  /** Keeps an event once for each place. */
  take(place: string, entry: InboxEntry): Promise<Taken>;
  /** Says that an event is followed to the end. When that cannot be kept, its next delivery is followed again. */
  finish(place: string, entry: InboxEntry): Promise<void>;
  /**
   * Those of a place whose own time is after `after` and not later than `until`, oldest first; null where there are more than
   * `limit`.
   */
  between(place: string, after: number, until: number, limit: number): Promise<readonly InboxEntry[] | null>;
}
