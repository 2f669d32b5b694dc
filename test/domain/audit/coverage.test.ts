import { describe, expect, it } from 'vitest';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import type { Run } from '../../../domain/audit/run.ts';
import { collected, type Gap, known, unavailable } from '../../../domain/model/collection.ts';
import type { Coverage } from '../../../domain/model/coverage.ts';
import { fileService, gap, guid, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const rule = 'coverage-lost';
const given = settings({ rules: onlyRules(rule, 'consent-granted') });
const one = kerberosAccount('one', 2);
const two = kerberosAccount('two', 3);
const forbidden = unavailable<never>(gap('oauth2-permission-grants'));
const grants = `-/${rule}/tenant:oauth2-permission-grants`;

async function run(runId: string, ports: MemoryPorts, asked = given): Promise<Run | null> {
  ports.world.now += 60_000;
  const { shards } = await planAudit(runId, asked, ports);
  for (let number = 0; number < shards; number += 1) await auditShard(runId, number, asked, ports);
  await dispatchOutbox(ports);
  return ports.store.runs.find(runId);
}

/** An estate of two subscriptions whose first audit is done; `two` lacks consent. */
async function audited(asked = given): Promise<MemoryPorts> {
  const ports = memoryPorts([one, two], directoryOf(['one', 'two'], ['one']));
  await run('run-0', ports, asked);
  return ports;
}

function lostIn(ports: MemoryPorts): string[] {
  return ports.store
    .all()
    .filter((finding) => finding.rule === rule)
    .map(({ id, state }) => `${id} ${state}`)
    .sort();
}

function alertsOf(ports: MemoryPorts): string[] {
  return ports.sent.alerts
    .filter((alert) => alert.rule === rule)
    .map(({ transition, severity, findingIds }) => [transition, severity, ...findingIds].join(' '));
}

/** What a source says of a subscription that was named and is not seen any more. */
function notVisible(subscriptionId: string): Gap {
  const scope = `/subscriptions/${subscriptionId}`;
  return { collection: 'storage-accounts', scope, reason: 'not-visible', needs: 'Reader on the subscription' };
}

function hide(ports: MemoryPorts, subscriptionId: string): void {
  ports.world.seen = ports.world.seen.filter((id) => id !== subscriptionId);
}

describe('A collection that was read before and is forbidden now', () => {
  it('opens one high finding, alerts once, and resolves nothing', async () => {
    const ports = await audited();
    const directory = ports.world.directory;
    ports.world.directory = { ...directory, oauth2PermissionGrants: forbidden };
    const finished = await run('run-1', ports);
    await run('run-2', ports);
    await run('run-3', ports);

    expect(lostIn(ports)).toEqual([`${grants} open`]);
    expect(alertsOf(ports)).toEqual([`opened high ${grants}`]);
    expect(finished?.tally).toMatchObject({ opened: 1, resolved: 0 });
    expect(ports.store.all().find(({ id }) => id === 'two/consent-granted')).toMatchObject({ state: 'open' });
    expect(ports.store.all()).toHaveLength(2);
  });

  it('resolves when it is read again, and comes back as itself', async () => {
    const ports = await audited();
    const { directory } = ports.world;
    ports.world.directory = { ...directory, oauth2PermissionGrants: forbidden };
    await run('run-1', ports);
    ports.world.directory = directory;
    await run('run-2', ports);

    expect(lostIn(ports)).toEqual([`${grants} resolved`]);
    expect(alertsOf(ports)).toEqual([`opened high ${grants}`, `resolved high ${grants}`]);

    ports.world.directory = { ...directory, oauth2PermissionGrants: forbidden };
    await run('run-3', ports);
    expect(ports.store.all().find(({ id }) => id === grants)).toMatchObject({ state: 'open', episode: 2 });
  });

  it('opens nothing in the first audit, nor after it while it was never read', async () => {
    const ports = memoryPorts([one], { ...directoryOf(['one']), oauth2PermissionGrants: forbidden });
    await run('run-0', ports);
    await run('run-1', ports);

    expect(lostIn(ports)).toEqual([]);
  });

  it('opens nothing where no rule asks for it any more, and resolves what was open', async () => {
    const ports = await audited();
    ports.world.directory = { ...ports.world.directory, oauth2PermissionGrants: forbidden };
    const without = settings({ rules: onlyRules(rule) });
    await run('run-1', ports, without);
    expect(lostIn(ports)).toEqual([]);

    const open = await audited();
    open.world.directory = ports.world.directory;
    await run('run-1', open);
    await run('run-2', open, without);
    expect(lostIn(open)).toEqual([`${grants} resolved`]);
  });

  it('stays open where a run kept no ledger, planned by an older version', async () => {
    const ports = await audited();
    ports.world.directory = { ...ports.world.directory, oauth2PermissionGrants: forbidden };
    await run('run-1', ports);
    const runs = { ...ports.store.runs, keepCoverage: () => Promise.resolve(), coverage: () => Promise.resolve([]) };
    await run('run-2', { ...ports, runs });

    expect(lostIn(ports)).toEqual([`${grants} open`]);
  });

  it.each([0, 1, 2, 3, 4, 5, 6])(
    'is told once however the end of the run is interrupted, at call %i of a port',
    async (at) => {
      const ports = await audited();
      ports.world.directory = { ...ports.world.directory, oauth2PermissionGrants: forbidden };
      ports.world.now += 60_000;
      const { shards } = await planAudit('run-1', given, ports);
      for (let number = 0; number < shards - 1; number += 1) await auditShard('run-1', number, given, ports);
      let calls = 0;
      const crashing = <T extends object>(port: T): T =>
        new Proxy(port, {
          get: (target, name) => {
            const member: unknown = Reflect.get(target, name);
            return typeof member !== 'function'
              ? member
              : async (...args: unknown[]): Promise<unknown> => {
                  const answer: unknown = await Reflect.apply(member, target, args);
                  if (calls++ === at) throw new Error('the process ends');
                  return answer;
                };
          },
        });
      const ended = { ...ports, runs: crashing(ports.runs), waivers: crashing(ports.waivers) };
      await auditShard('run-1', shards - 1, given, ended).catch(() => undefined);
      await auditShard('run-1', shards - 1, given, ports);
      await dispatchOutbox(ports);

      expect(alertsOf(ports)).toEqual([`opened high ${grants}`]);
      expect((await ports.store.runs.find('run-1'))?.finishedAt).not.toBeNull();
    },
  );

  it('compares with the last run that was finished', async () => {
    const ports = await audited();
    ports.world.now += 60_000;
    await planAudit('given-up', given, ports);
    ports.world.directory = { ...ports.world.directory, oauth2PermissionGrants: forbidden };
    await run('run-1', ports);

    expect(lostIn(ports)).toEqual([`${grants} open`]);
  });

  it('leaves no trace where settings switch the rule off', async () => {
    const ports = await audited();
    ports.world.directory = { ...ports.world.directory, oauth2PermissionGrants: forbidden };
    await run('run-1', ports, settings({ rules: onlyRules('consent-granted') }));

    expect(lostIn(ports)).toEqual([]);
  });
});

describe('A run whose planner ended in the middle', () => {
  it('is known with its whole ledger or not at all, so that what it could not read is told and the next run has what to compare with', async () => {
    const calls = async (at: number, when: 'before' | 'after'): Promise<MemoryPorts> => {
      const ports = await audited();
      ports.world.directory = { ...ports.world.directory, oauth2PermissionGrants: forbidden };
      ports.world.now += 60_000;
      ports.faults.arm(at, when);
      await planAudit('run-1', given, ports).catch(() => null);
      return ports;
    };
    const all = (await calls(-1, 'before')).faults.calls();
    for (let at = 0; at < all; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const ports = await calls(at, when);
        expect(ports.faults.struck()).toBe(true);
        if ((await ports.store.runs.find('run-1')) === null) continue;
        const shards = await ports.store.runs.shards('run-1');
        for (const { shard } of shards) await auditShard('run-1', shard.number, given, ports);
        expect(lostIn(ports), `${when} call ${String(at)}`).toEqual([`${grants} open`]);
      }
    }
  });
});

describe('A collection that was read before and is throttled now', () => {
  const throttled = unavailable<never>({ ...gap('oauth2-permission-grants'), reason: 'throttled', needs: null });
  const nightOf = async (ports: MemoryPorts, runId: string, grantsNow: typeof throttled | null): Promise<void> => {
    const directory = directoryOf(['one', 'two'], ['one']);
    ports.world.directory = grantsNow === null ? directory : { ...directory, oauth2PermissionGrants: grantsNow };
    await run(runId, ports);
  };

  it('opens nothing in its first night, for that passes, and one high finding in the second in a row', async () => {
    const ports = await audited();
    await nightOf(ports, 'run-1', throttled);
    expect([lostIn(ports), alertsOf(ports)]).toEqual([[], []]);

    await nightOf(ports, 'run-2', throttled);
    expect(alertsOf(ports)).toEqual([`opened high ${grants}`]);
  });

  it('begins to count anew after a night that read it whole', async () => {
    const ports = await audited();
    await nightOf(ports, 'run-1', throttled);
    await nightOf(ports, 'run-2', null);
    await nightOf(ports, 'run-3', throttled);

    expect(lostIn(ports)).toEqual([]);
  });

  it('stays lost in a night that was throttled after one that was refused', async () => {
    const ports = await audited();
    await nightOf(ports, 'run-1', forbidden);
    await nightOf(ports, 'run-2', throttled);

    expect(lostIn(ports)).toEqual([`${grants} open`]);
  });

  it('is lost at once where something else hides a part of it too', async () => {
    const ports = await audited();
    const both = [
      gap('oauth2-permission-grants'),
      { ...gap('oauth2-permission-grants'), reason: 'throttled' as const },
    ];
    await nightOf(ports, 'run-1', { state: 'unavailable', gaps: both });

    expect(lostIn(ports)).toEqual([`${grants} open`]);
  });
});

describe('A subscription that was read before and is not seen now', () => {
  const lost = `-/${rule}/${guid(3)}:storage-accounts`;

  it.each<[string, (ports: MemoryPorts) => void]>([
    ['all that is seen is asked for', () => undefined],
    [
      'it is named',
      ({ world }) => {
        world.scope = { subscriptions: [guid(2), guid(3)], managementGroups: [] };
        world.accountGaps = [notVisible(guid(3))];
      },
    ],
  ])('opens one finding, and closes none of its accounts, where %s', async (_, arrange) => {
    const ports = await audited();
    hide(ports, guid(3));
    arrange(ports);
    await run('run-1', ports);
    await run('run-2', ports);

    expect(lostIn(ports)).toEqual([`${lost} open`]);
    expect(alertsOf(ports)).toEqual([`opened high ${lost}`]);
    expect(ports.store.all().find(({ id }) => id === 'two/consent-granted')?.state).toBe('open');
    // Its accounts are not asked about one by one either: nothing says that they are gone.
    expect(ports.sent.work.filter(({ work }) => work.kind === 'account')).toEqual([]);
  });

  it.each<[string, Partial<MemoryPorts['world']>, typeof given]>([
    ['is no longer named', { scope: { subscriptions: [guid(2)], managementGroups: [] } }, given],
    ['is no longer below the management group', { scope: { subscriptions: [], managementGroups: ['mg'] } }, given],
    [
      'is left out by settings',
      { accountGaps: [notVisible(guid(3))] },
      { ...given, scope: { ...given.scope, exclude: [{ subscription: guid(3) }] } },
    ],
  ])('opens nothing where it %s, and closes what was open', async (_, narrowed, asked) => {
    const ports = await audited();
    hide(ports, guid(3));
    Object.assign(ports.world, narrowed);
    await run('run-1', ports, asked);
    expect(lostIn(ports)).toEqual([]);

    const open = await audited();
    hide(open, guid(3));
    await run('run-1', open);
    Object.assign(open.world, narrowed);
    await run('run-2', open, asked);
    expect(lostIn(open)).toEqual([`${lost} resolved`]);
  });

  it('stays lost below a management group whose subscriptions cannot be listed', async () => {
    const ports = await audited();
    hide(ports, guid(3));
    ports.world.scope = { subscriptions: [], managementGroups: ['mg'] };
    ports.world.accountGaps = [{ ...gap('storage-accounts'), needs: 'Management Group Reader on mg' }];
    await run('run-1', ports);

    expect(lostIn(ports)).toEqual([`-/${rule}/tenant:storage-accounts open`]);
  });

  it('is lost still where an exclusion names a part of it only', async () => {
    const ports = await audited();
    hide(ports, guid(3));
    const exclude = [{ subscription: guid(3), name: 'other' }];
    await run('run-1', ports, { ...given, scope: { ...given.scope, exclude } });

    expect(lostIn(ports)).toEqual([`${lost} open`]);
  });
});

describe('File services that a shard cannot read any more', () => {
  const wanting = settings({ rules: onlyRules(rule, 'kerberos-aes256-allowed') });

  it('are told once for their subscription, and resolve when they are read again', async () => {
    const accounts = [kerberosAccount('one', 2), kerberosAccount('more', 2), two];
    const ports = memoryPorts(accounts);
    await run('run-0', ports, wanting);
    const services = accounts.map(({ key }) => fileService({ accountKey: key }));
    ports.world.fileServices = collected(
      services.filter(({ accountKey }) => accountKey === two.key),
      accounts.slice(0, 2).map(({ key }) => ({ ...gap('file-services'), scope: key })),
    );
    await run('run-1', ports, wanting);
    const subject = `-/${rule}/${guid(2)}:file-services`;

    expect(lostIn(ports).filter((line) => line.includes(guid(2)))).toEqual([`${subject} open`]);

    ports.world.fileServices = known(services);
    await run('run-2', ports, wanting);
    expect(lostIn(ports).filter((line) => line.includes(guid(2)))).toEqual([`${subject} resolved`]);
  });

  it('go with the last account of their subscription without a word', async () => {
    const ports = memoryPorts([one, two]);
    await run('run-0', ports, wanting);
    ports.world.readings.delete(two.key);
    await run('run-1', ports, wanting);

    expect(lostIn(ports)).toEqual([]);
  });
});

describe('The ledger of a run', () => {
  it('has an entry for each collection that was asked for, by subscription where it lies in them', async () => {
    const ports = await audited(settings({ rules: onlyRules(rule, 'kerberos-aes256-allowed', 'consent-granted') }));
    const ledger = await ports.store.runs.coverage('run-0');

    expect(
      ledger.filter(({ collection }) => ['storage-accounts', 'file-services'].includes(collection)).map(readable),
    ).toEqual([
      'storage-accounts tenant 0 rows 1 pages 0 gaps',
      `storage-accounts ${guid(2)} 1 rows - pages 0 gaps`,
      `storage-accounts ${guid(3)} 1 rows - pages 0 gaps`,
      `file-services ${guid(2)} 2 rows - pages 0 gaps`,
      `file-services ${guid(3)} 2 rows - pages 0 gaps`,
    ]);
    expect(ledger.every(({ readAt }) => readAt === ports.world.now)).toBe(true);
  });

  it('keeps the permission that is missing, and when the rest was read last', async () => {
    const ports = await audited();
    const readAt = ports.world.now;
    ports.world.directory = { ...ports.world.directory, oauth2PermissionGrants: forbidden };
    await run('run-1', ports);
    await run('run-2', ports);
    const ledger = await ports.store.runs.coverage('run-2');

    expect(ledger.find(({ collection }) => collection === 'oauth2-permission-grants')).toEqual({
      collection: 'oauth2-permission-grants',
      place: 'tenant',
      rows: 0,
      pages: null,
      gaps: [{ reason: 'forbidden', needs: 'Some.Read.All' }],
      readAt,
      missedRuns: 2,
    });
  });

  function readable({ collection, place, rows, pages, gaps }: Coverage): string {
    return `${collection} ${place} ${String(rows)} rows ${String(pages ?? '-')} pages ${String(gaps.length)} gaps`;
  }
});
