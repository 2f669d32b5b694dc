import { expect, it } from 'vitest';
import { createHistory } from '../../../../infra/azure/tables/history.ts';
import { accountKey, finding, noon, tenantFinding, transitionOf } from '../samples.ts';
import { useStorage } from './stored.ts';

const { freshTable } = useStorage();

it('tells the transitions of one account, oldest first, whatever order they were appended in', async () => {
  const history = createHistory(freshTable());
  const first = transitionOf(finding('profiles'));
  const third = transitionOf(finding('profiles', { transitions: 3, changedAt: noon + 9000 }));
  const second = transitionOf(finding('profiles', { rule: 'mfa-excluded', changedAt: noon + 10 }));
  for (const transition of [third, first, transitionOf(finding('homes')), second]) await history.append(transition);

  expect(await history.of(accountKey('profiles'))).toEqual([first, second, third]);
});

it('tells the transitions of one finding by their numbers, where a clock stepped back', async () => {
  const history = createHistory(freshTable());
  const opened = transitionOf(finding('profiles'));
  const resolved = transitionOf(finding('profiles', { transitions: 2, changedAt: noon - 7_200_000 }));
  for (const transition of [resolved, opened]) await history.append(transition);

  expect(await history.of(accountKey('profiles'))).toEqual([opened, resolved]);
});

it('takes the same transition twice as once', async () => {
  const history = createHistory(freshTable());
  const transition = transitionOf(finding('profiles'));

  await history.append(transition);
  await history.append(transition);

  expect(await history.of(accountKey('profiles'))).toEqual([transition]);
});

it('tells the transitions of a subject of the tenant', async () => {
  const history = createHistory(freshTable());
  const about = transitionOf(tenantFinding('a'));
  for (const transition of [about, transitionOf(tenantFinding('b')), transitionOf(finding('profiles'))]) {
    await history.append(transition);
  }

  expect(await history.of('-/a')).toEqual([about]);
});
