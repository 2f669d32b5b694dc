import { describe, expect, it } from 'vitest';
import { createSweepLog } from '../../../../infra/azure/tables/sweep-log.ts';
import { noon } from '../samples.ts';
import { useStorage } from './stored.ts';

const { freshTable } = useStorage();

describe('the log of sweeps', () => {
  it('gives what sweeps did, newest first, and none of what was said', async () => {
    const log = createSweepLog(freshTable());
    const sweeps = [0, 1, 2].map((minute) => ({ at: noon + minute * 60_000, repaired: [`Thing ${String(minute)}`] }));
    for (const one of sweeps) await log.record(one);
    await log.mark('review~1', noon);

    expect(await log.latest(9)).toEqual(sweeps.toReversed());
    expect([await log.latest(2), await log.latest(0)]).toEqual([sweeps.slice(1).toReversed(), []]);
  });

  it('remembers what was said, and may be told again', async () => {
    const log = createSweepLog(freshTable());
    expect(await log.has('job~ab~1')).toBe(false);
    await log.mark('job~ab~1', noon);
    await log.mark('job~ab~1', noon);
    expect([await log.has('job~ab~1'), await log.has('job~ab~2')]).toEqual([true, false]);
  });

  it('gives what was said under the same words, and nothing beside', async () => {
    const log = createSweepLog(freshTable());
    const keys = ['switched-on~grant-consent~auto', 'switched-on~add-missing-scopes~approve'];
    for (const key of [...keys, 'switched-once~x', 'review~1']) await log.mark(key, noon);

    expect(await log.under('switched-on')).toEqual(new Set(keys));
    expect(await log.under('switched')).toEqual(new Set());
  });

  it('forgets what it is told to, and only that', async () => {
    const log = createSweepLog(freshTable());
    await log.mark('switched-on~grant-consent~auto', noon);
    await log.mark('switched-on~grant-consent~approve', noon);
    await log.forget('switched-on~grant-consent~auto');
    await log.forget('switched-on~grant-consent~auto');

    expect(await log.has('switched-on~grant-consent~auto')).toBe(false);
    expect(await log.has('switched-on~grant-consent~approve')).toBe(true);
  });
});
