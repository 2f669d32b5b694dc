import type { Inbox, InboxEntry } from '../../../domain/audit/inbox.ts';
import { sha256 } from '../../digest.ts';
import { StoreUnreachable } from '../store-unreachable.ts';
import type { Entity, Row } from './entity.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { placeHash, timeKey } from './keys.ts';
import type { Table } from './table.ts';

/**
 * Table `inbox`, of events: partition = `event~` and the place's hash, row = `at~`, the event's own time and the hash of its
 * id, so that what is after a time is one range however much came before; `event~` and the hash where it tells no time.
 * `receivedAt` is when the event came first, for those who clear out what is old.
 */
export function createInbox(table: Table): Inbox {
  return {
    async take(place, entry) {
      try {
        if (await table.insert(entityOf(place, entry, false))) return { state: 'new', receivedAt: entry.receivedAt };
        const stored = await table.get(partitionOf(place), rowOf(entry));
        if (stored === null) return { state: 'unfinished', receivedAt: entry.receivedAt };
        const done = stored.properties['done'] === true;
        return { state: done ? 'done' : 'unfinished', receivedAt: entryOf(stored).receivedAt };
      } catch (error) {
        if (error instanceof StoreUnreachable) return { state: 'unreachable', receivedAt: entry.receivedAt };
        throw error;
      }
    },
    async finish(place, entry) {
      try {
        await table.upsert(entityOf(place, entry, true));
      } catch (error) {
        if (!(error instanceof StoreUnreachable)) throw error;
      }
    },
    async between(place, after, until, limit) {
      const entries: InboxEntry[] = [];
      if (until <= after) return entries;
      const range = { partitionKey: partitionOf(place), from: beginningAfter(after), before: beginningAfter(until) };
      for await (const page of table.pages(range, Math.min(limit + 1, 1000))) {
        entries.push(...page.map(entryOf));
        if (entries.length > limit) return null;
      }
      return entries.sort((a, b) => (a.at ?? 0) - (b.at ?? 0) || (a.eventId < b.eventId ? -1 : 1));
    },
  };
}

function partitionOf(place: string): string {
  return `event~${placeHash(place)}`;
}

/** The first row key of what is later. */
function beginningAfter(time: number): string {
  return `at~${timeKey(Math.max(0, time + 1))}`;
}

function rowOf({ eventId, at }: InboxEntry): string {
  return at === null ? `event~${sha256(eventId)}` : `at~${timeKey(Math.max(0, at))}~${sha256(eventId)}`;
}

function entityOf(place: string, entry: InboxEntry, done: boolean): Entity {
  const { eventId, at, receivedAt, actor } = entry;
  return {
    partitionKey: partitionOf(place),
    rowKey: rowOf(entry),
    receivedAt: new Date(receivedAt),
    ...(at === null ? {} : { at: new Date(at) }),
    done,
    ...packJson('body', { eventId, at, receivedAt, actor } satisfies InboxEntry),
  };
}

function entryOf(row: Row): InboxEntry {
  return unpackJson('body', row.properties) as InboxEntry;
}
