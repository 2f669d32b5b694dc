import { expect, it } from 'vitest';
import { createAccountReads } from '../../../../infra/azure/tables/account-reads.ts';
import { accountKey, noon, subscriptionId } from '../samples.ts';
import { useStorage } from './stored.ts';

const { freshTable } = useStorage();

it('knows when each account of a subscription was last read', async () => {
  const reads = createAccountReads(freshTable());

  await reads.record(subscriptionId, accountKey('profiles'), noon);
  await reads.record(subscriptionId, accountKey('homes'), noon + 5);

  expect(await reads.of(subscriptionId)).toEqual(
    new Map([
      [accountKey('profiles'), noon],
      [accountKey('homes'), noon + 5],
    ]),
  );
  expect(await reads.of('another')).toEqual(new Map());
});

it('keeps the youngest read, however the writers race', async () => {
  const reads = createAccountReads(freshTable());

  await Promise.all([3, 1, 5, 2, 4].map((age) => reads.record(subscriptionId, accountKey('profiles'), noon + age)));
  await reads.record(subscriptionId, accountKey('profiles'), noon);

  expect((await reads.of(subscriptionId)).get(accountKey('profiles'))).toBe(noon + 5);
});

it('keeps no read of a clock that was far ahead against a true one', async () => {
  const reads = createAccountReads(freshTable());
  const hour = 3_600_000;
  const last = () => reads.last(subscriptionId, accountKey('profiles'));

  await reads.record(subscriptionId, accountKey('profiles'), noon + hour);
  await reads.record(subscriptionId, accountKey('profiles'), noon);
  expect(await last()).toBe(noon + hour);

  await reads.record(subscriptionId, accountKey('profiles'), noon + 1000 * hour);
  await reads.record(subscriptionId, accountKey('profiles'), noon);
  expect(await last()).toBe(noon);
});

it('keeps apart which reading was announced and which has judged, the youngest of each', async () => {
  const reads = createAccountReads(freshTable());
  const key = accountKey('profiles');
  expect(await reads.announced(subscriptionId, key)).toBeNull();

  await reads.record(subscriptionId, key, noon);
  for (const age of [3, 1, 2]) await reads.announce(subscriptionId, key, noon + age);

  expect(await reads.announced(subscriptionId, key)).toBe(noon + 3);
  expect(await reads.last(subscriptionId, key)).toBe(noon);
  expect(await reads.of(subscriptionId)).toEqual(new Map([[key, noon]]));
});
