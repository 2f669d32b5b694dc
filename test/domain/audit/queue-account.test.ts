import { describe, expect, it } from 'vitest';
import { debounceEnd, queueAccounts } from '../../../domain/audit/queue-account.ts';
import { now, settings } from '../build.ts';
import { kerberosAccount } from '../estate.ts';
import { distinct, memoryPorts } from '../memory-ports.ts';

const account = kerberosAccount('profiles');
const nobody = { kind: 'unknown', objectId: null } as const;
const watch = (debounceSeconds: number) => settings({ watch: { debounceSeconds } });

describe('Queueing an account', () => {
  it('makes one message of all hints of a window, scheduled for its end, whatever the case of the id', async () => {
    const ports = memoryPorts([account]);
    for (const [eventId, after, accountId] of [
      ['e1', 1_000, account.id],
      ['e2', 59_999, account.key],
    ] as const) {
      ports.world.now = now + after;
      await queueAccounts([{ eventId, accountId, actor: nobody }], watch(60), ports);
    }

    expect(distinct(ports.sent).work).toHaveLength(1);
    expect(ports.sent.work.map(({ notBefore }) => notBefore)).toEqual([now + 60_000, now + 60_000]);
    expect(ports.sent.work[0]?.work).toEqual({
      kind: 'account',
      accountId: account.id,
      cause: { kind: 'event', id: 'e1', actor: nobody },
    });
  });

  it('makes another message of a hint that comes when the window is over', async () => {
    const ports = memoryPorts([account]);
    await queueAccounts([{ eventId: 'e1', accountId: account.id, actor: nobody }], watch(60), ports);
    ports.world.now = now + 60_000;
    await queueAccounts([{ eventId: 'e2', accountId: account.id, actor: nobody }], watch(60), ports);

    expect(distinct(ports.sent).work).toHaveLength(2);
    expect(ports.sent.work[1]?.notBefore).toBe(now + 120_000);
  });

  it('keeps accounts apart', async () => {
    const ports = memoryPorts([account]);
    for (const name of ['one', 'two']) {
      const accountId = kerberosAccount(name).id;
      await queueAccounts([{ eventId: 'e1', accountId, actor: nobody }], watch(60), ports);
    }

    expect(distinct(ports.sent).work).toHaveLength(2);
  });

  it('takes the time once, so that a message belongs to the window at whose end it comes', async () => {
    const ports = memoryPorts([account]);
    const times = [now + 59_999, now + 60_000];
    const ticking = { ...ports, now: () => times.shift() ?? now + 60_000 };
    await queueAccounts([{ eventId: 'e1', accountId: account.id, actor: nobody }], watch(60), ticking);
    await queueAccounts([{ eventId: 'e2', accountId: account.id, actor: nobody }], watch(60), ticking);

    expect(ports.sent.work.map(({ notBefore }) => notBefore)).toEqual([now + 60_000, now + 120_000]);
  });

  it('sends at once without a debounce, and the same event twice as one message', async () => {
    const ports = memoryPorts([account]);
    for (const eventId of ['e1', 'e1', 'e2']) {
      await queueAccounts([{ eventId, accountId: account.id, actor: nobody }], watch(0), ports);
    }

    expect(distinct(ports.sent).work).toHaveLength(2);
    expect(ports.sent.work.map(({ notBefore }) => notBefore)).toEqual([null, null, null]);
  });
});

describe('The end of a debounce window', () => {
  const second = 1_000;
  const start = Math.floor(now / (30 * second)) * 30 * second;

  it.each([
    ['is that of the receipt', start - 5 * second, start + second, start + 30 * second],
    ['is that of the receipt where the event has no time', null, start + second, start + 30 * second],
    ['is that of the event where this clock is behind', start + 31 * second, start + second, start + 60 * second],
    [
      'is that of the receipt where the event is far ahead',
      start + 3_600 * second,
      start + second,
      start + 30 * second,
    ],
  ])('%s', (_, at, receivedAt, end) => {
    expect(debounceEnd(at, receivedAt, 30 * second)).toBe(end);
  });

  it('is at once without a debounce', () => {
    expect(debounceEnd(null, now, 0)).toBe(now);
  });
});
