import { odata } from '@azure/data-tables';
import type { Inbox, InboxEntry } from '../../../domain/audit/inbox.ts';
import { sha256 } from '../../digest.ts';
import { StoreUnreachable } from '../store-unreachable.ts';
import type { Entity, Row } from './entity.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { placeHash } from './keys.ts';
import type { Table } from './table.ts';

/**
 * Table `inbox`, of events: partition = `event~` and the place's hash, row = hash of the event's id. `receivedAt` is when
 * the event came first, for those who clear out what is old.
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
    async after(place, time, limit) {
      const entries: InboxEntry[] = [];
      const range = { partitionKey: partitionOf(place), where: odata`at gt ${new Date(time)}` };
      for await (const row of table.rows(range)) {
        if (entries.length === limit) return null;
        entries.push(entryOf(row));
      }
      return entries.sort((a, b) => (a.at ?? 0) - (b.at ?? 0) || (a.eventId < b.eventId ? -1 : 1));
    },
  };
}

function partitionOf(place: string): string {
  return `event~${placeHash(place)}`;
}

function rowOf({ eventId }: InboxEntry): string {
  return sha256(eventId);
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
