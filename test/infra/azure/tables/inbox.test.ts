import { describe, expect, it } from 'vitest';
import type { InboxEntry } from '../../../../domain/audit/inbox.ts';
import { createAlertDeliveries } from '../../../../infra/azure/tables/alert-deliveries.ts';
import { connectStorage } from '../../../../infra/azure/tables/connection.ts';
import { createInbox } from '../../../../infra/azure/tables/inbox.ts';
import { accountKey, noon } from '../samples.ts';
import { collect, noCredential, useStorage } from './stored.ts';

const { storage, freshTable } = useStorage();
const place = accountKey('profiles');
const day = 24 * 60 * 60_000;

function entry(eventId: string, over: Partial<InboxEntry> = {}): InboxEntry {
  return { eventId, at: noon, receivedAt: noon + 1, actor: { kind: 'unknown', objectId: null }, ...over };
}

describe('The inbox of events', () => {
  it('takes an event once for each place, and says when it came first', async () => {
    const inbox = createInbox(freshTable());

    expect(await inbox.take(place, entry('e/1'))).toEqual({ state: 'new', receivedAt: noon + 1 });
    expect(await inbox.take(place, entry('e/1', { receivedAt: noon + day }))).toEqual({
      state: 'unfinished',
      receivedAt: noon + 1,
    });
    expect(await inbox.take(accountKey('homes'), entry('e/1'))).toMatchObject({ state: 'new' });
    expect(await inbox.take(place, entry('e/2'))).toMatchObject({ state: 'new' });
  });

  it('knows days later that it was followed to the end', async () => {
    const inbox = createInbox(freshTable());
    await inbox.take(place, entry('e1'));
    await inbox.finish(place, entry('e1'));

    expect(await inbox.take(place, entry('e1', { receivedAt: noon + 5 * day }))).toEqual({
      state: 'done',
      receivedAt: noon + 1,
    });
  });

  it('takes one of those who take it at once as the first', async () => {
    const inbox = createInbox(freshTable());
    const states = await Promise.all(
      Array.from({ length: 20 }, async () => (await inbox.take(place, entry('e1'))).state),
    );

    expect(states.filter((state) => state === 'new')).toHaveLength(1);
    expect(states.filter((state) => state === 'unfinished')).toHaveLength(19);
  });

  it('tells what happened at a place after a time, oldest first, done or not, or that it is too much', async () => {
    const inbox = createInbox(freshTable());
    const actor = { kind: 'user', objectId: '9d2ca44a-0000-4000-8000-000000000009' } as const;
    await inbox.take(place, entry('third', { at: noon + 3, actor }));
    await inbox.take(place, entry('second', { at: noon + 2 }));
    await inbox.finish(place, entry('second', { at: noon + 2 }));
    await inbox.take(place, entry('first', { at: noon + 1 }));
    await inbox.take(place, entry('timeless', { at: null }));
    await inbox.take(accountKey('homes'), entry('elsewhere', { at: noon + 9 }));

    expect(await inbox.between(place, noon + 1, noon + 9, 2)).toEqual([
      entry('second', { at: noon + 2 }),
      entry('third', { at: noon + 3, actor }),
    ]);
    expect(await inbox.between(place, 0, noon + 9, 2)).toBeNull();
    expect(await inbox.between(place, noon + 3, noon + 9, 2)).toEqual([]);
  });

  it('counts nothing that is dated later than it is asked for, however many there are', async () => {
    const inbox = createInbox(freshTable());
    for (let index = 0; index < 5; index += 1)
      await inbox.take(place, entry(`late${String(index)}`, { at: noon + 10 + index }));
    await inbox.take(place, entry('first', { at: noon + 1 }));
    await inbox.take(place, entry('last', { at: noon + 9 }));

    const between = (await inbox.between(place, noon, noon + 9, 2))?.map(({ eventId }) => eventId);
    expect(between).toEqual(['first', 'last']);
    expect(await inbox.between(place, noon + 9, noon + 9, 2)).toEqual([]);
    expect(await inbox.between(place, noon + 9, 0, 2)).toEqual([]);
  });

  it('looks at no row before the time that it is asked for, however many there are', async () => {
    const table = freshTable();
    const asked: number[] = [];
    const counting: typeof table = {
      ...table,
      async *pages(range, size) {
        // What the service looks at: the range of keys, whatever else it filters by.
        const { where: _, ...keys } = range;
        asked.push((await collect(table.rows(keys))).length);
        yield* table.pages(range, size);
      },
      rows: () => {
        throw new Error('Read page by page, no more than is needed');
      },
    };
    const inbox = createInbox(counting);
    for (let index = 0; index < 20; index += 1)
      await inbox.take(place, entry(`e${String(index)}`, { at: noon + index }));

    expect((await inbox.between(place, noon + 17, noon + 99, 5))?.map(({ eventId }) => eventId)).toEqual([
      'e18',
      'e19',
    ]);
    expect(asked).toEqual([2]);
    expect(await inbox.between(place, noon - 1, noon + 99, 5)).toBeNull();
  });

  it('keeps in a column when the event came, for who clears out what is old', async () => {
    const table = freshTable();
    await createInbox(table).take(place, entry('e1'));
    await createAlertDeliveries(table).record('a#1', 'https://one.example', noon + 1);

    for (const { properties } of await collect(table.rows({})))
      expect(properties['receivedAt']).toEqual(new Date(noon + 1));
  });
});

describe('The inbox of alerts', () => {
  it('knows which target took which alert, and keeps no address', async () => {
    const table = freshTable();
    const deliveries = createAlertDeliveries(table);
    const url = 'https://hooks.example/secret-path';
    await deliveries.record('profiles/rule#1', url, noon);
    await deliveries.record('profiles/rule#1', url, noon);

    expect(await deliveries.took('profiles/rule#1', url)).toBe(true);
    expect(await deliveries.took('profiles/rule#2', url)).toBe(false);
    expect(await deliveries.took('profiles/rule#1', 'https://other.example')).toBe(false);
    const rows = await collect(table.rows({}));
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain('secret');
  });
});

it('While storage cannot be reached events are followed and alerts are given, rather twice than never', async () => {
  const table = connectStorage(
    { AzureWebJobsStorage: storage().connectionString },
    { credential: noCredential, retries: 0 },
  ).table('unreachable');
  const inbox = createInbox(table);
  const deliveries = createAlertDeliveries(table);
  await storage().stopTables();
  try {
    expect(await inbox.take(place, entry('e1'))).toEqual({ state: 'unreachable', receivedAt: noon + 1 });
    await inbox.finish(place, entry('e1'));
    await deliveries.record('a#1', 'one', noon);
    expect(await deliveries.took('a#1', 'one')).toBe(false);
  } finally {
    await storage().startTables();
  }
});
