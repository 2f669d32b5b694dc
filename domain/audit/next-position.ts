import type { Gap } from '../model/collection.ts';
import type { WatchedPosition } from './watch-ports.ts';

/** What a look learned of one list, as far as its position goes. */
export type Kept =
  | {
      readonly state: 'read';
      readonly position: string;
      readonly whole?: boolean;
      readonly says?: string | null;
      /** Accounts were queued because their links lack the list, or an audit judged by another one. */
      readonly askedAgain?: boolean;
    }
  | { readonly state: 'unreadable'; readonly gap: Gap };

/** A position is saved anew in time, since those that lie for days expire (domain facts 4: 410 Gone). */
const refreshAfterMs = 24 * 3_600_000;

/** A position that expires as soon as it is given would have the whole list read with every look. */
const betweenStartsMs = 3_600_000;

/** Whether a list whose position has expired may be read from its start again: once an hour. */
export function mayStartOver(before: WatchedPosition | undefined, now: number): boolean {
  return isHourAgo(before?.startedOverAt ?? null, now);
}

/** Whether accounts may be queued again for which an audit lacked a list: once an hour, for it may be lacking for good. */
export function mayAskAgain(before: WatchedPosition | undefined, now: number): boolean {
  return isHourAgo(before?.askedAgainAt ?? null, now);
}

function isHourAgo(at: number | null, now: number): boolean {
  // A time that is yet to come was told by a clock that was wrong.
  return at === null || at > now || now - at >= betweenStartsMs;
}

/**
 * What is to be saved of a list; null where that is what is stored: a quiet look writes nothing, and neither does a list that
 * is unreadable for the reason it was.
 * @param now epoch milliseconds
 */
export function nextPosition(
  before: WatchedPosition | undefined,
  reading: Kept,
  changed: boolean,
  now: number,
): WatchedPosition | null {
  const turn = (before?.turn ?? 0) + 1;
  // The first reading of all is none that could repeat itself.
  const again = reading.state === 'read' && reading.whole === true && (before?.position ?? null) !== null;
  const startedOverAt = again ? now : (before?.startedOverAt ?? null);
  if (reading.state === 'unreadable') {
    const same = before?.unreadable?.gap.reason === reading.gap.reason;
    return same
      ? null
      : {
          position: before?.position ?? null,
          savedAt: before?.savedAt ?? now,
          turn,
          unreadable: { gap: reading.gap, since: before?.unreadable?.since ?? now },
          startedOverAt,
          ...keptOf(before),
        };
  }
  const lasts = before?.unreadable === null && now - before.savedAt < refreshAfterMs;
  if (!changed && lasts) return null;
  return {
    position: reading.position,
    savedAt: now,
    turn,
    unreadable: null,
    startedOverAt,
    ...keptOf(before),
    ...(reading.askedAgain === true ? { askedAgainAt: now } : {}),
    ...(reading.says === undefined ? {} : { says: reading.says }),
  };
}

function keptOf(before: WatchedPosition | undefined): Pick<WatchedPosition, 'askedAgainAt' | 'says'> {
  const { askedAgainAt, says } = before ?? {};
  return { ...(askedAgainAt === undefined ? {} : { askedAgainAt }), ...(says === undefined ? {} : { says }) };
}
