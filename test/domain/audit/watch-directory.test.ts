import { describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { keepLinks } from '../../../domain/audit/keep-links.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import { watchDirectory, type WatchCycle } from '../../../domain/audit/watch-directory.ts';
import type {
  DeltaReading,
  DirectoryChange,
  DirectoryDeltas,
  PoliciesReading,
  WatchedPolicy,
} from '../../../domain/audit/watch-ports.ts';
import type { DeltaList, WatchedList } from '../../../domain/audit/watched-lists.ts';
import type { Cause } from '../../../domain/findings/finding.ts';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import type { ConditionalAccessPolicy } from '../../../domain/model/conditional-access-policy.ts';
import { sha256 } from '../../../infra/digest.ts';
import { indexDirectory } from '../../../domain/rules/directory.ts';
import { applications, gap, guid, now, policy, settings, tenantId } from '../build.ts';
import { directoryOf, kerberosAccount, principalIdOf, storageAppOf } from '../estate.ts';
import { createFaults, interruptible } from '../faults.ts';
import { distinct, memoryPorts, type MemoryPorts } from '../memory-ports.ts';
import { memoryWatch, type MemoryWatch } from '../memory-watch.ts';

const names = ['one', 'two', 'three'];
const accounts = names.map((name) => kerberosAccount(name));
const appOf = (name: string) => storageAppOf(name, names.indexOf(name));

/** A directory that tells what it is told to, and counts what it is asked. */
interface TestDeltas extends DirectoryDeltas {
  asked: string[];
  readonly readings: Map<DeltaList, DeltaReading>;
  policiesNow: PoliciesReading;
}

function testDeltas(): TestDeltas {
  const deltas: TestDeltas = {
    tenantId,
    asked: [],
    readings: new Map(),
    policiesNow: read(),
    changes: (list, position) => {
      deltas.asked.push(`${list} from ${String(position)}`);
      const quiet: DeltaReading = { state: 'read', changes: [], position: `${list} 1`, whole: position === null };
      return Promise.resolve(deltas.readings.get(list) ?? quiet);
    },
    policies: () => {
      deltas.asked.push('policies');
      return Promise.resolve(deltas.policiesNow);
    },
  };
  return deltas;
}

function read(...policies: readonly ConditionalAccessPolicy[]): PoliciesReading {
  return { state: 'read', policies: policies.map((one) => watched(one)) };
}

function watched(one: ConditionalAccessPolicy, modifiedAt: number | null = null): WatchedPolicy {
  const hash = sha256(JSON.stringify([one, modifiedAt]));
  return { id: one.id ?? '', hash, policy: one, content: { id: one.id }, modifiedAt };
}

function change(over: Partial<DirectoryChange>): DirectoryChange {
  return { id: guid(0xabc), removed: false, appId: null, clientId: null, consentType: null, names: [], ...over };
}

function changed(...changes: readonly DirectoryChange[]): DeltaReading {
  return { state: 'read', changes, position: 'later', whole: false };
}

interface Watch {
  readonly ports: MemoryPorts;
  readonly watch: MemoryWatch;
  readonly deltas: TestDeltas;
  readonly look: () => Promise<WatchCycle>;
  /** Names of the accounts that the look queued. */
  readonly queued: () => string[];
}

const debounced = settings({ watch: { debounceSeconds: 30 } });

/** An estate whose accounts are linked, watched once before; what was asked and written so far is forgotten. */
async function watching(policies: readonly ConditionalAccessPolicy[] = []): Promise<Watch> {
  const ports = memoryPorts(accounts, directoryOf(names));
  const { watch } = ports;
  const deltas = testDeltas();
  deltas.policiesNow = read(...policies);
  const look = () => watchDirectory(debounced, { ...ports, deltas });
  await look();
  await link(ports);
  ports.sent.work.length = 0;
  watch.writes.length = 0;
  deltas.asked = [];
  return { ports, watch, deltas, look, queued: () => queuedIn(ports) };
}

async function link(ports: MemoryPorts): Promise<void> {
  const directory = indexDirectory(ports.world.directory);
  const time = { readAt: ports.now(), now: ports.now() };
  await keepLinks(accounts[0]?.subscriptionId ?? '', accounts, directory, time, ports);
}

function queuedIn(ports: MemoryPorts): string[] {
  const ids = ports.sent.work.map(({ work }) => (work.kind === 'account' ? work.accountId : ''));
  return ids.map((id) => id.slice(id.lastIndexOf('/') + 1)).sort();
}

describe('A quiet look at the directory', () => {
  it('asks four times, writes nothing and queues nothing', async () => {
    const { ports, deltas, watch, queued } = await watching([policy()]);
    const unread = (): never => {
      throw new Error('A quiet look reads neither the policies kept nor the links');
    };

    const cycle = await watchDirectory(debounced, {
      ...ports,
      watch: { ...watch, policies: unread },
      accountLinks: { ...ports.accountLinks, all: unread },
      deltas,
    });

    expect(deltas.asked.sort()).toEqual([
      'applications from applications 1',
      'oauth2-permission-grants from oauth2-permission-grants 1',
      'policies',
      'service-principals from service-principals 1',
    ]);
    expect(watch.writes).toEqual([]);
    expect(queued()).toEqual([]);
    expect(cycle).toMatchObject({ changes: 0, startedOver: [], gaps: [] });
  });

  it('saves its positions once a day all the same, for those that lie for days expire', async () => {
    const { ports, watch, look } = await watching();
    ports.world.now = now + 24 * 3_600_000;
    await look();
    await look();

    expect(watch.writes.sort()).toEqual([
      'applications',
      'conditional-access-policies',
      'oauth2-permission-grants',
      'service-principals',
    ]);
  });
});

describe('A change of an object', () => {
  const cases: readonly (readonly [string, DeltaList, DirectoryChange, readonly string[]])[] = [
    ['an application', 'applications', change({ id: appOf('one').application.id.toUpperCase() }), ['one']],
    ['a removed application', 'applications', change({ id: appOf('two').application.id, removed: true }), ['two']],
    ['a principal', 'service-principals', change({ id: principalIdOf(2) }), ['three']],
    [
      'a new principal of a known app',
      'service-principals',
      change({ appId: appOf('one').application.appId }),
      ['one'],
    ],
    ['a new grant', 'oauth2-permission-grants', change({ id: 'new', clientId: principalIdOf(0) }), ['one']],
    [
      'a removed grant, which gives only its id',
      'oauth2-permission-grants',
      change({ id: 'grant-1', removed: true }),
      ['two'],
    ],
    [
      'one user’s grant, which decides nothing',
      'oauth2-permission-grants',
      change({ id: 'x', clientId: principalIdOf(0), consentType: 'Principal' }),
      [],
    ],
    ['a grant whose id differs by case', 'oauth2-permission-grants', change({ id: 'GRANT-1', removed: true }), []],
    ['an app of somebody else', 'applications', change({ appId: guid(0xdef), names: ['payroll'] }), []],
  ];

  it.each(cases)('%s touches its accounts and no other', async (_, list, told, expected) => {
    const { deltas, look, queued } = await watching();
    deltas.readings.set(list, changed(told));

    const { changes } = await look();

    expect(queued()).toEqual(expected);
    expect(changes).toBe(1);
  });

  it.each([
    ['an SPN', `cifs/three.file.core.windows.net`],
    ['an identifierUri', `api://${tenantId}/http/three.file.core.windows.net`],
    ['the title that the storage provider gives', '[storage account] three.file.core.windows.net'],
    ['the title that the manual preview gave', 'three'],
  ])('that is new and claims a host by %s touches the account with that host', async (_, name) => {
    const { deltas, look, queued } = await watching();
    deltas.readings.set('service-principals', changed(change({ appId: guid(0xdef), names: [name] })));

    await look();

    expect(queued()).toEqual(['three']);
  });

  it('is queued with the watch as its cause, for the end of the debounce window', async () => {
    const { ports, deltas, look } = await watching();
    deltas.readings.set('applications', changed(change({ id: appOf('one').application.id })));

    const { id } = await look();

    expect(ports.sent.work).toMatchObject([
      { notBefore: now + 30_000, work: { cause: { kind: 'watch', id, actor: { kind: 'unknown', objectId: null } } } },
    ]);
  });
});

describe('A policy', () => {
  const [one, two] = ['one', 'two'].map((name) => appOf(name).application.appId) as [string, string];
  const everyone = policy({ applications: applications({ include: ['All'], exclude: [two] }) });
  const reporting = { ...everyone, state: 'enabledForReportingButNotEnforced' as const };
  const other = policy({
    id: guid(0x101),
    displayName: 'For the one app',
    applications: applications({ include: [one] }),
  });

  it.each([
    [
      'switched on touches the apps that it reaches, and not the one it excludes',
      [reporting],
      [everyone],
      ['one', 'three'],
    ],
    ['added touches those it reaches', [everyone], [everyone, other], ['one']],
    ['removed touches those it reached', [everyone, other], [everyone], ['one']],
    [
      'whose exclusion grows touches the app that joins it',
      [everyone],
      [{ ...everyone, applications: applications({ include: ['All'], exclude: [two, one] }) }],
      ['one'],
    ],
    ['that was only renamed touches nobody', [everyone], [{ ...everyone, displayName: 'MFA' }], []],
    [
      'that is disabled before and after touches nobody',
      [{ ...everyone, state: 'disabled' }],
      [{ ...everyone, state: 'disabled', displayName: 'x' }],
      [],
    ],
    [
      'whose application filter changed touches every app it may reach',
      [{ ...everyone, applications: applications({ include: ['All'], filter: { mode: 'exclude', rule: 'a' } }) }],
      [{ ...everyone, applications: applications({ include: ['All'], filter: { mode: 'exclude', rule: 'b' } }) }],
      ['one', 'three', 'two'],
    ],
  ] as const)('%s', async (_, before, after, expected) => {
    const { deltas, look, queued } = await watching(before);
    deltas.policiesNow = read(...(after as readonly ConditionalAccessPolicy[]));

    await look();

    expect(queued()).toEqual(expected);
  });

  it('that cannot be read any more touches every app', async () => {
    const { deltas, look, queued } = await watching([everyone]);
    deltas.policiesNow = { state: 'read', policies: [{ ...watched(everyone), hash: 'other', policy: null }] };

    await look();

    expect(queued()).toEqual(['one', 'three', 'two']);
  });

  it('is compared with its last state, and touches nobody twice', async () => {
    const { deltas, look, queued, ports } = await watching([reporting]);
    deltas.policiesNow = read(everyone);
    await look();
    ports.sent.work.length = 0;
    await look();

    expect(queued()).toEqual([]);
  });
});

describe('Where a position has expired', () => {
  it('the look starts over, and every account with an app is queued once', async () => {
    const { ports, deltas, look, queued } = await watching();
    const claim = change({ names: ['cifs/three.file.core.windows.net'], appId: guid(0xdef) });
    deltas.readings.set('applications', { state: 'read', changes: [claim], position: 'new', whole: true });

    const cycle = await look();

    expect(queued()).toEqual(['one', 'three', 'two']);
    expect(cycle).toMatchObject({ startedOver: ['applications'], changes: 0 });
    deltas.readings.clear();
    ports.sent.work.length = 0;
    deltas.asked = [];
    await look();
    expect(deltas.asked).toContain('applications from new');
    expect(queued()).toEqual([]);
  });
});

describe('A list that cannot be read', () => {
  it('keeps its position, is told once with its permission, and the others go on', async () => {
    const { deltas, watch, look, queued } = await watching();
    const forbidden = gap('service-principals');
    deltas.readings.set('service-principals', { state: 'unreadable', gap: forbidden });
    deltas.readings.set('applications', changed(change({ id: appOf('one').application.id })));

    const first = await look();
    deltas.readings.delete('applications');
    watch.writes.length = 0;
    const second = await look();

    expect(queued()).toEqual(['one']);
    expect([first.gaps, second.gaps]).toEqual([[forbidden], [forbidden]]);
    expect(watch.writes).toEqual([]);
    expect((await watch.read()).get('service-principals')).toMatchObject({
      position: 'service-principals 1',
      unreadable: { gap: forbidden, since: now },
    });
  });

  it('is whole again from where it was, and says so in the store', async () => {
    const { deltas, watch, look } = await watching();
    deltas.readings.set('applications', { state: 'unreadable', gap: gap('applications') });
    await look();
    deltas.readings.clear();
    deltas.asked = [];
    await look();

    expect(deltas.asked).toContain('applications from applications 1');
    expect((await watch.read()).get('applications')).toMatchObject({ unreadable: null });
  });

  it('of policies is no list without policies', async () => {
    const { deltas, look, queued } = await watching([policy()]);
    deltas.policiesNow = { state: 'unreadable', gap: gap('conditional-access-policies') };
    const { gaps } = await look();
    deltas.policiesNow = read(policy());
    await look();

    expect(gaps).toHaveLength(1);
    expect(queued()).toEqual([]);
  });
});

describe('A position that expires as soon as it is given', () => {
  const minute = 60_000;

  it('has its list read from the start once an hour; in between that is told as a gap', async () => {
    const { ports, watch, deltas } = await watching();
    const started: number[] = [];
    const expiring: DirectoryDeltas = {
      ...deltas,
      changes: (list, position, mayStartOver) => {
        if (list !== 'applications') return deltas.changes(list, position, mayStartOver);
        if (mayStartOver === false) return Promise.resolve({ state: 'unreadable', gap: gap('applications') });
        started.push(ports.now());
        return Promise.resolve({ state: 'read', changes: [], position: 'expires', whole: true });
      },
    };
    const told: number[] = [];
    for (let looks = 0; looks < 25; looks += 1) {
      ports.world.now += 5 * minute;
      const { gaps } = await watchDirectory(debounced, { ...ports, watch, deltas: expiring });
      if (gaps.length > 0) told.push(ports.now());
    }

    // That the watch began there a moment ago does not count.
    expect(started).toEqual([5, 65, 125].map((minutes) => now + minutes * minute));
    expect(told).toHaveLength(25 - started.length);
    expect((await watch.read()).get('applications')?.unreadable).toBeNull();
  });
});

describe('An account whose link was made while a list could not be read', () => {
  const hour = 3_600_000;
  const isForbidden = gap('service-principals');

  /** All accounts are linked without principals, and so without grants. */
  async function lacking(): Promise<Watch> {
    const watch = await watching();
    const { ports } = watch;
    ports.world.now += 1;
    for (const { subscriptionId, key } of accounts)
      await ports.accountLinks.remove(subscriptionId, key, ports.world.now);
    ports.world.directory = { ...directoryOf(names), servicePrincipals: unavailable(isForbidden) };
    await link(ports);
    return watch;
  }

  it('is queued when the list can be read again, and no more once its link is whole', async () => {
    const { ports, deltas, look, queued } = await lacking();
    deltas.readings.set('service-principals', { state: 'unreadable', gap: isForbidden });
    await look();
    expect(queued()).toEqual([]);

    deltas.readings.clear();
    await look();
    expect(queued()).toEqual(['one', 'three', 'two']);

    ports.sent.work.length = 0;
    ports.world.directory = directoryOf(names);
    ports.world.now += hour;
    await link(ports);
    await look();
    expect(queued()).toEqual([]);
  });

  it('is queued although the watch itself could read the list all the time', async () => {
    const { look, queued } = await lacking();
    await look();

    expect(queued()).toEqual(['one', 'three', 'two']);
  });

  it('is queued once an hour where audits never get the list, and costs nothing in between', async () => {
    const { ports, look, queued } = await lacking();
    const times: number[] = [];
    for (let looks = 0; looks < 25; looks += 1) {
      await look();
      if (queued().length > 0) times.push((ports.now() - now - 1) / 60_000);
      ports.sent.work.length = 0;
      ports.world.now += 5 * 60_000;
      await link(ports);
    }

    expect(times).toEqual([0, 60, 120]);
  });

  it('leaves the others alone', async () => {
    const { ports, look, queued } = await lacking();
    ports.world.directory = directoryOf(names);
    await keepLinks(
      accounts[0]?.subscriptionId ?? '',
      accounts.slice(1),
      indexDirectory(ports.world.directory),
      { readAt: ports.now() + 1, now: ports.now() + 1 },
      ports,
    );
    await look();

    expect(queued()).toEqual(['one']);
  });
});

describe('An audit between two looks', () => {
  const mfa = policy({ state: 'enabled' });
  const off = policy({ state: 'disabled' });
  const byEvent = { kind: 'event', id: 'e', actor: { kind: 'unknown', objectId: null } } as const;

  async function audited(meanwhile: ConditionalAccessPolicy, cause: Cause = byEvent): Promise<Watch> {
    const watch = await watching([off]);
    const { ports } = watch;
    ports.world.directory = { ...ports.world.directory, conditionalAccessPolicies: known([meanwhile]) };
    await auditAccount(accounts[0]?.id ?? '', cause, debounced, ports);
    return watch;
  }

  it('that read a policy which was changed back since has its account queued once', async () => {
    const { ports, look, queued } = await audited(mfa);
    await look();
    expect(queued()).toEqual(['one']);

    ports.sent.work.length = 0;
    await look();
    expect(queued()).toEqual([]);
  });

  it('that read what the look before had read leaves nothing behind', async () => {
    const { ports } = await audited(off);

    expect(await ports.watchMarks.all()).toEqual([]);
  });

  it('that read what the next look reads adds nothing to what that touches', async () => {
    const { deltas, look, queued, ports } = await audited(mfa);
    deltas.policiesNow = read(mfa);
    await look();

    expect(queued()).toEqual(['one', 'three', 'two']);
    expect(await ports.watchMarks.all()).toEqual([]);
  });

  it('that a look has asked for, and that never reads what looks read, is done again once an hour', async () => {
    const { ports, look, queued } = await audited(mfa, { ...byEvent, kind: 'watch' });
    const asked: number[] = [];
    for (let minutes = 0; minutes <= 120; minutes += 15) {
      ports.sent.work.length = 0;
      await look();
      if (queued().length > 0) asked.push(minutes);
      await auditAccount(accounts[0]?.id ?? '', { ...byEvent, kind: 'watch' }, debounced, ports);
      ports.world.now += 15 * 60_000;
    }

    expect(asked).toEqual([0, 60, 120]);
  });

  it.each(['event', 'watch'] as const)(
    'that the %s asked for and that did not read all policies is done again by a look that does, once an hour',
    async (kind) => {
      const { ports, look, queued } = await watching([off]);
      const audit = async (): Promise<void> => {
        const cut = collected<ConditionalAccessPolicy>([], [gap('conditional-access-policies')]);
        ports.world.directory = { ...ports.world.directory, conditionalAccessPolicies: cut };
        await auditAccount(accounts[0]?.id ?? '', { ...byEvent, kind }, debounced, ports);
        ports.sent.work.length = 0;
      };
      await audit();
      await look();
      expect(queued()).toEqual(['one']);

      await audit();
      ports.world.now += 15 * 60_000;
      await look();
      expect(queued()).toEqual([]);

      ports.world.now += 60 * 60_000;
      await look();
      expect(queued()).toEqual(['one']);
      expect(await ports.watchMarks.all()).toEqual([]);
    },
  );

  it('of a whole night has every account with an app queued', async () => {
    const { ports, look, queued } = await watching([off]);
    ports.world.directory = { ...ports.world.directory, conditionalAccessPolicies: known([mfa]) };
    await planAudit('run-1', debounced, ports);
    await auditShard('run-1', 0, debounced, ports);
    ports.sent.work.length = 0;
    await look();

    expect(queued()).toEqual(['one', 'three', 'two']);
  });

  it('is marked still where the policies cannot be read', async () => {
    const { deltas, look, queued } = await audited(mfa);
    deltas.policiesNow = { state: 'unreadable', gap: gap('conditional-access-policies') };
    await look();
    expect(queued()).toEqual([]);

    deltas.policiesNow = read(off);
    await look();
    expect(queued()).toEqual(['one']);
  });
});

describe('A look that crashes', () => {
  it('loses no account and queues none twice, wherever it crashes', async () => {
    let points = 0;
    for (let at = 0, struck = true; struck; at += 1) {
      points = at;
      for (const when of ['before', 'after'] as const) {
        const { ports, watch, deltas } = await watching([policy({ state: 'enabledForReportingButNotEnforced' })]);
        deltas.policiesNow = read(policy());
        deltas.readings.set('applications', changed(change({ id: appOf('one').application.id })));
        const faults = createFaults();
        faults.arm(at, when);
        const breaking = {
          ...ports,
          watch: interruptible(watch, faults),
          messages: interruptible(ports.messages, faults),
          deltas,
        };
        await watchDirectory(debounced, breaking).catch(() => null);
        struck = faults.struck();
        await watchDirectory(debounced, { ...ports, watch, deltas });

        expect([...new Set(queuedIn(ports))], `${when} call ${String(at)}`).toEqual(['one', 'three', 'two']);
        expect(distinct(ports.sent).work, `${when} call ${String(at)}`).toHaveLength(3);
        expect((await watch.read()).get('applications')?.position).toBe('later');
      }
    }
    // Reading, the policies kept, queueing, saving policies and two positions.
    expect(points).toBeGreaterThanOrEqual(6);
  });

  it('queues the same ids without a debounce, and others when more has changed meanwhile', async () => {
    const { ports, watch, deltas } = await watching();
    const atOnce = settings({ watch: { debounceSeconds: 0 } });
    const one = change({ id: appOf('one').application.id });
    deltas.readings.set('applications', changed(one));
    const crashing = { ...watch, save: () => Promise.reject(new Error('crash')) };
    for (let time = 0; time < 2; time += 1) {
      await watchDirectory(atOnce, { ...ports, watch: crashing, deltas }).catch(() => null);
    }
    expect(distinct(ports.sent).work).toHaveLength(1);

    deltas.readings.set('applications', changed(one, change({ names: ['x'] })));
    await watchDirectory(atOnce, { ...ports, watch, deltas });
    expect(distinct(ports.sent).work).toHaveLength(2);
  });
});

describe('When it changed', () => {
  const minute = 60_000;
  const consented = change({ id: appOf('one').application.id });
  const reporting = policy({ state: 'enabledForReportingButNotEnforced' });

  function timesOf({ ports }: Watch) {
    return ports.sent.work.map(({ work }) => (work.kind === 'account' ? work.cause.events : undefined));
  }

  it('is after the last quiet look, where the change itself does not tell', async () => {
    const watch = await watching();
    watch.ports.world.now = now + 5 * minute;
    await watch.look();
    watch.ports.world.now = now + 10 * minute;
    watch.deltas.readings.set('applications', changed(consented));
    const { id } = await watch.look();

    expect(timesOf(watch)).toEqual([
      {
        ids: [id],
        plane: 'directory',
        changedAt: now + 5 * minute,
        changedAtIs: 'not-before',
        receivedAt: now + 10 * minute,
        dueAt: now + 10 * minute + 30_000,
      },
    ]);
  });

  it('is after the last position that was stored, where the process was started anew', async () => {
    const watch = await watching();
    watch.ports.world.now = now + 5 * minute;
    await watch.look();
    watch.ports.lastLooks.clear();
    watch.deltas.readings.set('applications', changed(consented));
    await watch.look();

    expect(timesOf(watch)).toMatchObject([{ changedAt: now, changedAtIs: 'not-before' }]);
  });

  it('is after the last look that could read the list, not after one that could not', async () => {
    const watch = await watching();
    watch.ports.world.now = now + 5 * minute;
    watch.deltas.readings.set('applications', { state: 'unreadable', gap: gap('applications') });
    await watch.look();
    watch.ports.world.now = now + 10 * minute;
    watch.deltas.readings.set('applications', changed(consented));
    await watch.look();

    expect(timesOf(watch)).toMatchObject([{ changedAt: now, changedAtIs: 'not-before' }]);
  });

  it('is what a policy says of itself', async () => {
    const watch = await watching([reporting]);
    watch.ports.world.now = now + 5 * minute;
    watch.deltas.policiesNow = { state: 'read', policies: [watched(policy(), now + 2 * minute)] };
    await watch.look();

    expect(timesOf(watch)).toHaveLength(3);
    for (const times of timesOf(watch))
      expect(times).toMatchObject({ changedAt: now + 2 * minute, changedAtIs: 'known' });
  });

  it.each([
    ['says the same time as before', -minute, -minute],
    ['tells a time that has yet to come', -minute, 60 * minute],
  ])('is no more than a bound where a policy %s', async (_, before, after) => {
    const watch = await watching();
    watch.deltas.policiesNow = { state: 'read', policies: [watched(reporting, now + before)] };
    await watch.look();
    watch.ports.sent.work.length = 0;
    watch.ports.world.now = now + 5 * minute;
    watch.deltas.policiesNow = { state: 'read', policies: [watched(policy(), now + after)] };
    await watch.look();

    expect(timesOf(watch)).toHaveLength(3);
    for (const times of timesOf(watch)) expect(times).toMatchObject({ changedAt: now, changedAtIs: 'not-before' });
  });

  it('is the bound of the oldest where several changes touch an account, one of them without a time', async () => {
    const watch = await watching([reporting]);
    watch.ports.world.now = now + 5 * minute;
    watch.deltas.policiesNow = { state: 'read', policies: [watched(policy(), now + 2 * minute)] };
    watch.deltas.readings.set('applications', changed(consented));
    await watch.look();

    expect(
      timesOf(watch)
        .map((times) => [times?.changedAt, times?.changedAtIs])
        .sort(),
    ).toEqual([
      [now, 'not-before'],
      [now + 2 * minute, 'known'],
      [now + 2 * minute, 'known'],
    ]);
  });

  it('is not told where a list is read for the first time, for there is nothing to compare with', async () => {
    const ports = memoryPorts(accounts, directoryOf(names));
    await link(ports);
    await watchDirectory(debounced, { ...ports, watch: memoryWatch(), deltas: testDeltas() });

    expect(ports.sent.work).toHaveLength(3);
    for (const { work } of ports.sent.work) expect(work).not.toHaveProperty('cause.events');
  });
});

describe('The first look ever', () => {
  it('takes everything for possibly changed, and finds nobody to queue where no audit has linked accounts yet', async () => {
    const ports = memoryPorts(accounts, directoryOf(names));
    const all: WatchedList[] = [
      'applications',
      'service-principals',
      'oauth2-permission-grants',
      'conditional-access-policies',
    ];

    const fresh = await watchDirectory(debounced, { ...ports, watch: memoryWatch(), deltas: testDeltas() });
    await link(ports);
    const late = await watchDirectory(debounced, { ...ports, watch: memoryWatch(), deltas: testDeltas() });

    expect(fresh).toMatchObject({ startedOver: all, accountIds: [] });
    expect(late.accountIds).toHaveLength(3);
  });
});
