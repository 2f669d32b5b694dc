import type { Inbox, InboxEntry } from '../../domain/audit/inbox.ts';

/** The inbox in memory. `reachable` false: it answers as one whose store is down. */
export interface MemoryInbox extends Inbox {
  reachable: boolean;
}

export function memoryInbox(): MemoryInbox {
  const rows = new Map<string, { readonly place: string; readonly entry: InboxEntry; readonly done: boolean }>();
  const keyOf = (place: string, { eventId }: InboxEntry): string => JSON.stringify([place, eventId]);
  const inbox: MemoryInbox = {
    reachable: true,
    take(place, entry) {
      if (!inbox.reachable) return Promise.resolve({ state: 'unreachable', receivedAt: entry.receivedAt });
      const stored = rows.get(keyOf(place, entry));
      if (stored === undefined) {
        rows.set(keyOf(place, entry), { place, entry, done: false });
        return Promise.resolve({ state: 'new', receivedAt: entry.receivedAt });
      }
      const { receivedAt } = stored.entry;
      return Promise.resolve({ state: stored.done ? 'done' : 'unfinished', receivedAt });
    },
    finish(place, entry) {
      if (inbox.reachable) rows.set(keyOf(place, entry), { place, entry, done: true });
      return Promise.resolve();
    },
    between(place, after, until, limit) {
      const found = [...rows.values()]
        .filter((row) => row.place === place && row.entry.at !== null && row.entry.at > after && row.entry.at <= until)
        .map(({ entry }) => entry)
        .sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
      return Promise.resolve(found.length > limit ? null : found);
    },
  };
  return inbox;
}
