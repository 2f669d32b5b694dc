import { expect, it } from 'vitest';
import { rowsOf, transactionsOf } from '../../../../infra/azure/tables/finding-rows.ts';
import { opening, subscriptionId } from '../samples.ts';

it('never parts a finding from its transition and outbox row', () => {
  const groups = Array.from({ length: 80 }, (_, index) => rowsOf(subscriptionId, opening(`account${String(index)}`)));

  const transactions = transactionsOf(groups);

  expect(transactions.map(({ length }) => length)).toEqual([99, 99, 42]);
  expect(transactions.flat()).toEqual(groups.flat());
});

it('keeps a transaction below 4 MiB of request', () => {
  const evidence = { text: 'é'.repeat(400_000) };
  const groups = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => rowsOf(subscriptionId, opening(name, { evidence })));

  const sizes = transactionsOf(groups).map((actions) => Buffer.byteLength(JSON.stringify(actions)));

  expect(sizes).toHaveLength(2);
  expect(Math.max(...sizes)).toBeLessThan(4 * 1024 * 1024);
});
