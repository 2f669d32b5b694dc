import type { Gap } from '../model/collection.ts';
import type { WatchedPosition } from './watch-ports.ts';

/** What a look learned of one list, as far as its position goes. */
export type Kept =
  { readonly state: 'read'; readonly position: string } | { readonly state: 'unreadable'; readonly gap: Gap };

/** A position is saved anew in time, since those that lie for days expire (domain facts 4: 410 Gone). */
const refreshAfterMs = 24 * 3_600_000;

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
  if (reading.state === 'unreadable') {
    const same = before?.unreadable?.gap.reason === reading.gap.reason;
    return same
      ? null
      : {
          position: before?.position ?? null,
          savedAt: before?.savedAt ?? now,
          turn,
          unreadable: { gap: reading.gap, since: before?.unreadable?.since ?? now },
        };
  }
  const lasts = before?.unreadable === null && now - before.savedAt < refreshAfterMs;
  return changed || !lasts ? { position: reading.position, savedAt: now, turn, unreadable: null } : null;
}
