import { describe, expect, it } from 'vitest';
import type { Waiver } from '../../../../domain/findings/waiver.ts';
import { packJson } from '../../../../infra/azure/tables/json-properties.ts';
import { UnsafeKey } from '../../../../infra/azure/tables/keys.ts';
import { createWaiverStore } from '../../../../infra/azure/tables/waiver-store.ts';
import { accountKey, noon } from '../samples.ts';
import { useStorage } from './stored.ts';

const { freshTable } = useStorage();
const actor = { kind: 'user', objectId: '33333333-3333-3333-3333-333333333333' } as const;

function waiver(over: Partial<Waiver> = {}): Waiver {
  return {
    id: 'w1',
    scope: { kind: 'account', accountKey: accountKey('profiles'), rule: null },
    reason: 'Until the migration 🎫',
    owner: { kind: 'team', name: 'Storage' },
    from: noon,
    until: noon + 1,
    createdBy: actor,
    createdAt: noon,
    approval: { state: 'approved', by: actor, at: noon },
    removed: { by: actor, at: noon },
    warnedAt: null,
    settledAt: noon,
    ...over,
  };
}

describe('the waiver store', () => {
  it('gives back what was put there, of every scope', async () => {
    const store = createWaiverStore(freshTable());
    const all = [
      waiver(),
      waiver({ id: 'w2', scope: { kind: 'finding', key: '-/policy', rule: 'mfa-excluded' } }),
      waiver({ id: 'w3', scope: { kind: 'tag', name: 'env', value: 'test', rule: 'mfa-excluded' } }),
      waiver({
        id: 'w4',
        scope: { kind: 'subscription', subscriptionId: 's', rule: null },
        approval: { state: 'pending' },
      }),
      waiver({
        id: 'w5',
        scope: { kind: 'rule', rule: 'mfa-excluded' },
        owner: { kind: 'object', id: 'o' },
        removed: null,
      }),
    ];
    for (const one of all) expect(await store.insert(one)).toBe(true);

    expect((await store.all()).map((stored) => stored.waiver)).toEqual(all);
    expect((await store.find('w3'))?.waiver).toEqual(all[2]);
    expect([await store.find('w9'), await store.malformed()]).toEqual([null, []]);
  });

  it('reads nothing where no table is yet', async () => {
    const store = createWaiverStore(freshTable());
    expect([await store.all(), await store.find('w1')]).toEqual([[], null]);
  });

  it('takes an id once, and lets one of two writers through', async () => {
    const store = createWaiverStore(freshTable());
    await store.insert(waiver());
    expect(await store.insert(waiver({ reason: 'Another' }))).toBe(false);
    const version = (await store.find('w1'))?.version ?? '';

    const outcomes = await Promise.all(['one', 'two'].map((reason) => store.replace(waiver({ reason }), version)));
    expect(outcomes.sort()).toEqual([false, true]);
    expect((await store.find('w1'))?.waiver.reason).toMatch(/one|two/);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['whose end somebody made a text', packJson('body', { ...waiver(), until: '2027-02-30' })],
    ['without an owner', packJson('body', { ...waiver(), owner: undefined })],
    ['of another scope than there are', packJson('body', { ...waiver(), scope: { kind: 'world' } })],
    ['under another id', packJson('body', waiver({ id: 'w2' }))],
    ['that is not JSON', { body: '{' }],
    ['without a body', {}],
  ])('takes a row %s for no waiver, says so, and reads the others', async (_what, properties) => {
    const table = freshTable();
    const store = createWaiverStore(table);
    await store.insert(waiver({ id: 'good' }));
    await table.upsert({ partitionKey: 'waiver', rowKey: 'w1', ...properties });

    expect((await store.all()).map((stored) => stored.waiver.id)).toEqual(['good']);
    expect([await store.malformed(), await store.find('w1')]).toEqual([['w1'], null]);
  });

  it('shows at the next look what others have changed, spoilt and removed meanwhile', async () => {
    const table = freshTable();
    const [mine, theirs] = [createWaiverStore(table), createWaiverStore(table)];
    for (const id of ['w1', 'w2', 'w3', 'w4']) await mine.insert(waiver({ id }));
    await mine.all();

    const version = (await theirs.find('w1'))?.version ?? '';
    await theirs.replace(waiver({ removed: null }), version);
    await table.upsert({ partitionKey: 'waiver', rowKey: 'w2', body: '{' });
    await table.remove('waiver', 'w3');

    expect((await mine.all()).map((stored) => stored.waiver)).toEqual([
      waiver({ removed: null }),
      waiver({ id: 'w4' }),
    ]);
    expect(await mine.malformed()).toEqual(['w2']);
  });

  it('refuses an id that is no key', async () => {
    await expect(createWaiverStore(freshTable()).find('a/b')).rejects.toThrow(UnsafeKey);
  });
});
