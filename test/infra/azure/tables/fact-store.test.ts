import { expect, it } from 'vitest';
import type { FactsToSave, KnownFacts } from '../../../../domain/audit/drift-ports.ts';
import { createFactStore } from '../../../../infra/azure/tables/fact-store.ts';
import { accountKey, noon, subscriptionId } from '../samples.ts';
import { useStorage } from './stored.ts';

const { freshTable } = useStorage();

function facts(fingerprint: string): KnownFacts {
  return {
    values: { apps: ['a'], allowSharedKeyAccess: true },
    unread: ['app/*'],
    fingerprint,
    revision: 1,
    readAt: noon,
    pending: [],
  };
}

function first(name: string, fingerprint = 'f1'): FactsToSave {
  return { accountKey: accountKey(name), facts: facts(fingerprint), version: null };
}

it('keeps the facts of accounts, few or many, and knows nothing of others', async () => {
  const store = createFactStore(freshTable());
  const names = Array.from({ length: 130 }, (_, index) => `account${String(index)}`);
  expect(
    await store.save(
      subscriptionId,
      names.map((name) => first(name)),
    ),
  ).toEqual([]);

  const few = await store.of(subscriptionId, [accountKey('account7'), accountKey('unknown')]);
  expect([...few.keys()]).toEqual([accountKey('account7')]);
  expect(few.get(accountKey('account7'))?.facts).toEqual(facts('f1'));
  const many = names.slice(0, 50).map(accountKey);
  expect([...(await store.of(subscriptionId, many)).keys()].sort()).toEqual([...many].sort());
  expect((await store.of('another', many)).size).toBe(0);
});

it('saves nothing over what somebody else wrote, and the rest all the same', async () => {
  const store = createFactStore(freshTable());
  await store.save(subscriptionId, [first('one'), first('two')]);
  const read = await store.of(subscriptionId, [accountKey('one'), accountKey('two')]);
  const replacing = (name: string, fingerprint: string): FactsToSave => ({
    accountKey: accountKey(name),
    facts: facts(fingerprint),
    version: read.get(accountKey(name))?.version ?? null,
  });
  expect(await store.save(subscriptionId, [replacing('one', 'theirs')])).toEqual([]);

  const lost = await store.save(subscriptionId, [replacing('one', 'ours'), replacing('two', 'ours'), first('three')]);

  expect(lost).toEqual([accountKey('one')]);
  const stored = await store.of(subscriptionId, ['one', 'two', 'three'].map(accountKey));
  expect([...stored.values()].map((entry) => entry.facts.fingerprint)).toEqual(['theirs', 'ours', 'f1']);
});

it('says of an account seen first by two that one of them lost', async () => {
  const store = createFactStore(freshTable());

  expect(await store.save(subscriptionId, [first('one')])).toEqual([]);
  expect(await store.save(subscriptionId, [first('one', 'f2')])).toEqual([accountKey('one')]);
});
