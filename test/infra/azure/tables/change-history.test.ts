import { expect, it } from 'vitest';
import { type Attribution, unattributed } from '../../../../domain/drift/attribution.ts';
import type { FactChange } from '../../../../domain/drift/fact-change.ts';
import { createChangeHistory } from '../../../../infra/azure/tables/change-history.ts';
import { createHistory } from '../../../../infra/azure/tables/history.ts';
import { change } from '../../../domain/drift/build-change.ts';
import { accountKey, finding, noon, transitionOf } from '../samples.ts';
import { useStorage } from './stored.ts';

const { freshTable } = useStorage();

function changed(id: string, name = 'profiles', at = noon): FactChange {
  return change({ id, key: accountKey(name), at });
}

it('tells the changes of one account, oldest first, and none twice', async () => {
  const changes = createChangeHistory(freshTable());
  const [first, second] = [changed('b'), changed('a', 'profiles', noon + 5)];
  for (const each of [second, first, first, changed('c', 'homes')]) await changes.append(each);

  expect(await changes.of(accountKey('profiles'))).toEqual([first, second]);
  expect(await changes.find(accountKey('profiles'), 'a')).toEqual(second);
  expect(await changes.find(accountKey('profiles'), 'c')).toBeNull();
});

it('tells the changes of all accounts, and nothing else that lies beside them', async () => {
  const table = freshTable();
  const changes = createChangeHistory(table);
  await createHistory(table).append(transitionOf(finding('profiles')));
  for (const each of [changed('a'), changed('b', 'homes')]) await changes.append(each);
  await changes.attribute({ changeId: 'a', key: accountKey('profiles'), attribution: unattributed, transitions: [] });

  expect((await Array.fromAsync(changes.all())).map(({ id }) => id).sort()).toEqual(['a', 'b']);
});

it('lies beside the transitions of the account without being taken for one', async () => {
  const table = freshTable();
  const changes = createChangeHistory(table);
  const history = createHistory(table);
  const transition = transitionOf(finding('profiles'));
  await history.append(transition);
  await changes.append(changed('a'));
  await changes.attribute({ changeId: 'a', key: accountKey('profiles'), attribution: unattributed, transitions: [] });

  expect(await history.of(accountKey('profiles'))).toEqual([transition]);
  expect(await changes.of(accountKey('profiles'))).toEqual([changed('a')]);
});

it('keeps the first attribution of a change, and none of a change that is gone', async () => {
  const changes = createChangeHistory(freshTable());
  await changes.append(changed('a'));
  const attribution = { ...unattributed, correlationId: 'first' };
  const stored = { changeId: 'a', key: accountKey('profiles'), attribution, transitions: [{ rule: 'r', number: 1 }] };
  await changes.attribute(stored);
  await changes.attribute({ ...stored, attribution: { ...attribution, correlationId: 'second' } });
  await changes.attribute({ ...stored, changeId: 'purged' });

  expect(await changes.attributionsOf(accountKey('profiles'))).toEqual([stored]);
});

it('tells by when it was found out who made changes, each once, and none that nobody is named for', async () => {
  const changes = createChangeHistory(freshTable());
  const actor = { kind: 'user', objectId: 'u', userPrincipalName: 'ada@contoso.com' } as const;
  const named = { ...unattributed, confidence: 'proved', actor } as const;
  const found = async (id: string, attributedAt: number, attribution: Attribution = named): Promise<void> => {
    const key = accountKey(id);
    await changes.append(changed(id, id));
    await changes.attribute({ changeId: id, key, attribution, transitions: [], attributedAt });
  };
  await found('late', noon + 30);
  await found('early', noon + 10);
  await found('early', noon + 20);
  await found('unnamed', noon + 10, unattributed);
  await found('before', noon);
  await found('after', noon + 31);

  const { count, changes: told } = await changes.attributedBetween(noon, noon + 30, 10);
  expect([count, told.map(({ changeId, attributedAt }) => [changeId, attributedAt])]).toEqual([
    2,
    [
      ['early', noon + 10],
      ['late', noon + 30],
    ],
  ]);
  expect(told[0]?.actors).toEqual([{ kind: 'user', objectId: 'u' }]);
  expect(await changes.attributedBetween(noon, noon + 30, 1)).toMatchObject({
    count: 2,
    changes: [{ changeId: 'early' }],
  });
});
