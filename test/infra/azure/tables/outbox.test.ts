import { describe, expect, it } from 'vitest';
import { placeOf } from '../../../../domain/findings/place.ts';
import { createFindingStore } from '../../../../infra/azure/tables/finding-store.ts';
import { createOutbox } from '../../../../infra/azure/tables/outbox.ts';
import { alert, finding, opening, subscriptionId, tenantFinding, transitionOf } from '../samples.ts';
import { collect, useStorage } from './stored.ts';

const { freshTable } = useStorage();

describe('the outbox', () => {
  it('holds each transition with its effects, in the order of commit within a finding', async () => {
    const table = freshTable();
    const store = createFindingStore(table);
    const first = opening('profiles');
    await store.commit(subscriptionId, [first]);
    const [stored] = await store.read(subscriptionId, [placeOf(first.finding).key]);
    const next = finding('profiles', { transitions: 2 });
    const second = { finding: next, version: stored?.version ?? '', transition: transitionOf(next), effects: [] };
    await store.commit(subscriptionId, [second]);

    const entries = await collect(createOutbox(table).entries(subscriptionId));

    expect(entries.map(({ transition, effects }) => ({ transition, effects }))).toEqual([
      { transition: first.transition, effects: first.effects },
      { transition: second.transition, effects: [] },
    ]);
  });

  it('goes through more entries than a page while they are removed', async () => {
    const table = freshTable();
    const outbox = createOutbox(table);
    const names = Array.from({ length: 210 }, (_, index) => `account${String(index)}`);
    await createFindingStore(table).commit(
      subscriptionId,
      names.map((name) => opening(name)),
    );
    const seen = new Set<string>();

    for await (const { key, transition } of outbox.entries(subscriptionId)) {
      seen.add(transition?.findingId ?? '');
      await outbox.remove(subscriptionId, key);
    }

    expect(seen).toEqual(new Set(names.map((name) => `${name}/consent-granted`)));
    expect(await collect(outbox.entries(subscriptionId))).toEqual([]);
    expect(await collect(table.rows({ partitionKey: subscriptionId, from: 't~', before: 't~~' }))).toEqual([]);
  });

  it('has nothing for a finding that changed without a transition', async () => {
    const table = freshTable();
    const outbox = createOutbox(table);

    await createFindingStore(table).commit(subscriptionId, [
      { finding: finding('profiles'), version: null, transition: null, effects: [] },
    ]);

    expect(await outbox.partitions()).toEqual([]);
    expect(await collect(outbox.entries(subscriptionId))).toEqual([]);
  });

  it('removes an entry twice without complaint', async () => {
    const table = freshTable();
    const outbox = createOutbox(table);
    await createFindingStore(table).commit(subscriptionId, [opening('profiles')]);
    const [entry] = await collect(outbox.entries(subscriptionId));

    await outbox.remove(subscriptionId, entry?.key ?? '');
    await outbox.remove(subscriptionId, entry?.key ?? '');

    expect(await collect(outbox.entries(subscriptionId))).toEqual([]);
  });

  it('removes the rest of an entry of which a part is gone', async () => {
    const table = freshTable();
    const outbox = createOutbox(table);
    await createFindingStore(table).commit(subscriptionId, [opening('profiles')]);
    const [entry] = await collect(outbox.entries(subscriptionId));
    const key = entry?.key ?? '';
    await table.remove(subscriptionId, `t${key.slice(1)}`);

    await outbox.remove(subscriptionId, key);

    expect(await table.get(subscriptionId, key)).toBeNull();
  });

  it('keeps effects that belong to no finding, once per key', async () => {
    const outbox = createOutbox(freshTable());
    const effects = [{ kind: 'alert', alert: alert('summary') }] as const;

    await outbox.add('run~2026-11-21', effects);
    await outbox.add('run~2026-11-21', []);
    const entries = await collect(outbox.entries('-'));
    for (const { key } of entries) await outbox.remove('-', key);
    for (const { key } of entries) await outbox.remove('-', key);

    expect(entries).toMatchObject([{ transition: null, effects }]);
    expect((await outbox.partitions()).map(({ partition }) => partition)).toEqual(['-']);
    expect(await collect(outbox.entries('-'))).toEqual([]);
  });
});

describe('the outbox of the tenant', () => {
  it('holds what belongs to findings about it beside what belongs to none, each with what it needs to be sent', async () => {
    const table = freshTable();
    const outbox = createOutbox(table);
    const opened = tenantFinding('a');
    const transition = transitionOf(opened);
    const effects = [{ kind: 'alert', alert: alert('opened') }] as const;
    await createFindingStore(table).commit('-', [{ finding: opened, version: null, transition, effects }]);
    await outbox.add('run~2026-11-21', []);

    const entries = await collect(outbox.entries('-'));
    for (const { key } of entries) await outbox.remove('-', key);

    expect(entries.map((entry) => [entry.transition, entry.effects])).toEqual([
      [transition, effects],
      [null, []],
    ]);
    expect((await outbox.partitions()).map(({ partition }) => partition)).toEqual(['-']);
    expect(await collect(outbox.entries('-'))).toEqual([]);
    expect(await collect(table.rows({ partitionKey: '-', from: 't~', before: 't~~' }))).toEqual([]);
  });
});

describe('the marker of a partition', () => {
  it('is there once entries may be, and says when it was set', async () => {
    const table = freshTable();
    const before = Date.now();

    await createFindingStore(table).commit(subscriptionId, [opening('profiles')]);

    const [marker] = await createOutbox(table).partitions();
    expect(marker?.partition).toBe(subscriptionId);
    expect(marker?.markedAt).toBeGreaterThanOrEqual(before - 1000);
    expect(marker?.markedAt).toBeLessThanOrEqual(Date.now() + 1000);
  });

  it('is forgotten when nobody has set it since', async () => {
    const table = freshTable();
    const outbox = createOutbox(table);
    await createFindingStore(table).commit(subscriptionId, [opening('profiles')]);
    const [marker] = await outbox.partitions();

    await outbox.unmark(subscriptionId, marker?.version ?? '');
    await outbox.unmark(subscriptionId, marker?.version ?? '');

    expect(await outbox.partitions()).toEqual([]);
  });

  it('stays when a commit came between reading the entries and forgetting it', async () => {
    const table = freshTable();
    const outbox = createOutbox(table);
    const store = createFindingStore(table);
    await store.commit(subscriptionId, [opening('profiles')]);
    const [marker] = await outbox.partitions();
    for await (const { key } of outbox.entries(subscriptionId)) await outbox.remove(subscriptionId, key);
    await store.commit(subscriptionId, [opening('homes')]);

    await outbox.unmark(subscriptionId, marker?.version ?? '');

    expect((await outbox.partitions()).map(({ partition }) => partition)).toEqual([subscriptionId]);
    expect(await collect(outbox.entries(subscriptionId))).toHaveLength(1);
  });
});
