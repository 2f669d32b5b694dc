import { describe, expect, it } from 'vitest';
import { type EndpointTargets, followEvent, type KnownAccounts } from '../../../domain/audit/follow-event.ts';
import type { EventAbout, ResourceEvent } from '../../../domain/audit/resource-event.ts';
import { now, settings } from '../build.ts';
import { kerberosAccount } from '../estate.ts';
import { Crash, interruptible } from '../faults.ts';
import { memoryInbox } from '../memory-inbox.ts';
import { distinct, memoryPorts } from '../memory-ports.ts';

const account = kerberosAccount('profiles');
const other = kerberosAccount('homes');
const watch = settings({ watch: { debounceSeconds: 30 } });
const day = 24 * 60 * 60_000;
const nobody = { kind: 'unknown', objectId: null } as const;

function event(eventId: string, over: Partial<ResourceEvent> = {}): ResourceEvent {
  return { eventId, about: { kind: 'account', accountId: account.id }, at: now, actor: nobody, ...over };
}

function ports(targets: readonly string[] | null = [], known: readonly string[] | null = []) {
  const memory = memoryPorts([account, other]);
  const inbox = memoryInbox();
  const asked: unknown[] = [];
  const endpoints: EndpointTargets = {
    of: (id) => {
      asked.push(id);
      return Promise.resolve(targets);
    },
  };
  const accounts: KnownAccounts = {
    under: (scope, limit) => {
      asked.push({ scope, limit });
      return Promise.resolve(known);
    },
  };
  return {
    ...memory,
    memoryInbox: inbox,
    inbox: interruptible(inbox, memory.faults),
    endpoints: interruptible(endpoints, memory.faults),
    known: interruptible(accounts, memory.faults),
    asked,
  };
}

describe('An event about an account', () => {
  it('queues the account at the end of its window, with the event as cause and its own time', async () => {
    const at = now - 2_000;
    const all = ports();
    all.world.now = now + 1_000;

    expect(await followEvent(event('e1', { at }), watch, all)).toEqual({
      outcome: 'queued',
      accountIds: [account.id],
    });
    expect(all.sent.work).toMatchObject([
      {
        notBefore: now + 30_000,
        work: {
          kind: 'account',
          accountId: account.id,
          cause: {
            kind: 'event',
            id: 'e1',
            events: { ids: ['e1'], changedAt: at, receivedAt: now + 1_000, dueAt: now + 30_000 },
          },
        },
      },
    ]);
  });

  it('is followed once, also days later and when the broker has long forgotten it', async () => {
    const all = ports();
    await followEvent(event('e1'), watch, all);
    for (const later of [1_000, 10 * 60_000, day, 3 * day]) {
      all.world.now = now + later;
      expect(await followEvent(event('e1'), watch, all)).toEqual({ outcome: 'duplicate' });
    }

    expect(all.sent.work).toHaveLength(1);
  });

  it('is one audit, however many times it comes at once', async () => {
    const all = ports();
    const outcomes = await Promise.all(
      Array.from({ length: 1000 }, async () => {
        // Deliveries at once see the clock move, over the end of a window too.
        all.world.now += 50;
        return (await followEvent(event('e1'), watch, all)).outcome;
      }),
    );

    expect(outcomes).toContain('queued');
    expect(distinct(all.sent).work).toHaveLength(1);
  });

  it('is one audit, however many times it comes one after another', async () => {
    const all = ports();
    for (let count = 0; count < 1000; count += 1) {
      await followEvent(event('e1'), watch, all);
      all.world.now += 1_000;
    }

    expect(all.sent.work).toHaveLength(1);
  });

  it('is followed though the inbox cannot be reached', async () => {
    const all = ports();
    all.memoryInbox.reachable = false;

    expect(await followEvent(event('e1'), watch, all)).toMatchObject({ outcome: 'queued' });
  });

  it('that comes late is queued all the same: a read does no harm', async () => {
    const all = ports();

    await followEvent(event('late', { at: now - 3 * day }), watch, all);

    expect(all.sent.work).toMatchObject([{ notBefore: now + 30_000 }]);
  });

  it('after a step back of the clock has a window of its own, not one whose message is read already', async () => {
    const all = ports();
    all.world.now = now + 5 * 60_000;
    await followEvent(event('e1', { at: all.world.now }), watch, all);
    const later = now + 6 * 60_000;
    all.world.now = now + 5 * 60_000;
    await followEvent(event('e2', { at: later }), watch, all);

    expect(distinct(all.sent).work).toHaveLength(2);
    expect(all.sent.work[1]?.notBefore).toBe(later + 30_000);
  });

  it('with a time that no clock can have is not put off until then', async () => {
    const all = ports();
    await followEvent(event('e1', { at: now + 365 * day }), watch, all);

    expect(all.sent.work[0]?.notBefore).toBe(now + 30_000);
  });
});

const endpointId = `${account.id.replace(/\/providers.*/, '')}/providers/Microsoft.Network/privateEndpoints/pe`;

describe('An event about what leads to accounts', () => {
  const endpoint: EventAbout = { kind: 'private-endpoint', endpointId };
  const scope: EventAbout = { kind: 'role-scope', scope: account.id.replace(/\/providers.*/, '') };

  it('queues the accounts that a private endpoint leads to', async () => {
    const all = ports([account.key, other.key]);

    expect(await followEvent(event('e1', { about: endpoint }), watch, all)).toEqual({
      outcome: 'queued',
      accountIds: [account.key, other.key],
    });
    expect(distinct(all.sent).work).toHaveLength(2);
    expect(all.asked).toEqual([endpointId]);
  });

  it('reads the endpoint once for an event that comes again', async () => {
    const all = ports([account.key]);
    await followEvent(event('e1', { about: endpoint }), watch, all);
    await followEvent(event('e1', { about: endpoint }), watch, all);

    expect(all.asked).toHaveLength(1);
  });

  it.each([
    ['nobody can tell where it leads', null],
    ['it leads to no account', []],
  ])('is left to the night where %s, and says so', async (_, targets) => {
    const all = ports(targets);

    expect(await followEvent(event('e1', { about: endpoint }), watch, all)).toMatchObject({
      outcome: 'left-to-the-night',
      why: expect.stringContaining('private endpoint') as string,
    });
    expect(all.sent.work).toEqual([]);
  });

  it('queues the known accounts below a scope at which a role was given, fifty at most', async () => {
    const all = ports([], [account.key, other.key]);

    expect(await followEvent(event('e1', { about: scope }), watch, all)).toMatchObject({ outcome: 'queued' });
    expect(distinct(all.sent).work).toHaveLength(2);
    expect(all.asked).toEqual([{ scope: scope.scope.toLowerCase(), limit: 50 }]);
  });

  it.each([
    ['more are known than an event should wake', null, /50 accounts/],
    ['none is known', [], /no account/],
  ])('is left to the night where %s', async (_, known, why) => {
    const all = ports([], known);
    const followed = await followEvent(event('e1', { about: scope }), watch, all);

    expect(followed).toMatchObject({ outcome: 'left-to-the-night', why: expect.stringMatching(why) as string });
  });

  it('is kept with each account, where its audit looks for who did it', async () => {
    const all = ports([account.key, other.key]);
    await followEvent(event('e1', { about: endpoint }), watch, all);

    for (const { key } of [account, other]) {
      expect(await all.memoryInbox.between(key, 0, Infinity, 10)).toMatchObject([{ eventId: 'e1' }]);
    }
  });
});

it('An event about nothing that is watched leaves no trace', async () => {
  const all = ports();

  expect(await followEvent(event('e1', { about: { kind: 'nothing', why: 'it is about a cat' } }), watch, all)).toEqual({
    outcome: 'passed-over',
    why: 'it is about a cat',
  });
  expect(all.faults.calls()).toBe(0);
});

describe.each<[string, EventAbout]>([
  ['an account', { kind: 'account', accountId: account.id }],
  ['a private endpoint', { kind: 'private-endpoint', endpointId }],
])('A crash while an event about %s is followed', (_, about) => {
  it('loses no audit and adds none, wherever it falls', async () => {
    const smooth = ports([account.key, other.key]);
    smooth.faults.arm(-1, 'before');
    await followEvent(event('e1', { about }), watch, smooth);
    const wanted = distinct(smooth.sent);
    const calls = smooth.faults.calls();
    expect(calls).toBeGreaterThanOrEqual(3);

    for (let at = 0; at < calls; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const all = ports([account.key, other.key]);
        all.faults.arm(at, when);
        await expect(followEvent(event('e1', { about }), watch, all)).rejects.toThrow(Crash);
        // Event Grid brings it again, in another window.
        all.world.now += 31_000;
        await followEvent(event('e1', { about }), watch, all);
        const { work } = distinct(all.sent);
        const first = at === 0 && when === 'before';
        expect(first ? work.length : work, `${when} call ${String(at)}`).toEqual(
          first ? wanted.work.length : wanted.work,
        );
        expect(await followEvent(event('e1', { about }), watch, all)).toEqual({ outcome: 'duplicate' });
      }
    }
  });
});
