import { describe, expect, it } from 'vitest';
import { createFormerKeys } from '../../../../infra/azure/tables/former-keys.ts';
import { UnsafeKey } from '../../../../infra/azure/tables/keys.ts';
import type { Table } from '../../../../infra/azure/tables/table.ts';
import { accountKey, subscriptionId } from '../samples.ts';
import { collect, useStorage } from './stored.ts';

const { freshTable } = useStorage();
const here = accountKey('profiles');
const there = here.replace(subscriptionId, '33333333-3333-3333-3333-333333333333');
const elsewhere = here.replace('/files/', '/homes/');

async function versions(table: Table): Promise<string[]> {
  return (await collect(table.rows({}))).map(({ version }) => version).sort();
}

describe('former keys', () => {
  it('are known from both ends, across subscriptions and resource groups', async () => {
    const keys = createFormerKeys(freshTable());
    await keys.record(there, here);
    await keys.record(there, elsewhere);

    expect(await keys.of(there)).toEqual([here, elsewhere].sort());
    expect([await keys.movedTo(here), await keys.movedTo(elsewhere)]).toEqual([there, there]);
    expect([await keys.of(here), await keys.movedTo(there)]).toEqual([[], null]);
  });

  it('are not written again by the next night', async () => {
    const table = freshTable();
    const keys = createFormerKeys(table);
    expect(await keys.record(there, here)).toBe(true);
    const before = await versions(table);
    expect(await keys.record(there, here)).toBe(false);

    expect(before).toHaveLength(2);
    expect(await versions(table)).toEqual(before);
  });

  it('say where the account is now, after a second move too', async () => {
    const keys = createFormerKeys(freshTable());
    await keys.record(there, here);
    await keys.record(elsewhere, here);
    await keys.record(elsewhere, there);

    expect(await keys.movedTo(here)).toBe(elsewhere);
    expect(await keys.of(elsewhere)).toEqual([here, there].sort());
  });

  it('are completed by the next night where writing broke off between the two ends', async () => {
    const table = freshTable();
    const broken: Table = { ...table, insert: () => Promise.reject(new Error('the process ends')) };
    await expect(createFormerKeys(broken).record(there, here)).rejects.toThrow();
    await createFormerKeys(table).record(there, here);

    expect(await createFormerKeys(table).of(there)).toEqual([here]);
  });

  it('refuse an id without a subscription', async () => {
    await expect(createFormerKeys(freshTable()).of('no-id')).rejects.toThrow(UnsafeKey);
  });
});
