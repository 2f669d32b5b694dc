import { describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import type { Run } from '../../../domain/audit/run.ts';
import { unavailable } from '../../../domain/model/collection.ts';
import { gap, guid, settings, tenantId } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const rule = 'storage-app-not-orphaned';
const given = settings({ rules: onlyRules(rule) });
const account = kerberosAccount('profiles');
/** The app of an account that is gone: the second of the directory. */
const orphan = guid(0x2001);

/** One account, its app, and the app of an account whose name is free again. */
function estate(): MemoryPorts {
  const ports = memoryPorts([account], directoryOf(['profiles', 'gone']));
  ports.world.accountNames.set('gone', 'free');
  return ports;
}

/** An estate whose first audit is done, before the account was deleted. */
async function audited(): Promise<MemoryPorts> {
  const ports = estate();
  ports.world.directory = directoryOf(['profiles']);
  await run('run-0', ports);
  ports.world.directory = directoryOf(['profiles', 'gone']);
  return ports;
}

async function run(runId: string, ports: MemoryPorts, asked = given): Promise<Run | null> {
  ports.world.now += 60_000;
  const { shards } = await planAudit(runId, asked, ports);
  for (let number = 0; number < shards; number += 1) await auditShard(runId, number, asked, ports);
  await dispatchOutbox(ports);
  return ports.store.runs.find(runId);
}

function alertsOf(ports: MemoryPorts): string[] {
  return ports.sent.alerts.map(({ transition, findingIds }) => [transition, ...findingIds].join(' '));
}

describe('The shard of the tenant', () => {
  it('opens what a rule finds, alerts once, and asks for no job', async () => {
    const ports = await audited();
    await run('run-1', ports);
    await run('run-2', ports);

    expect(ports.store.all()).toMatchObject([{ id: `-/${rule}/${orphan}`, state: 'open', account: null }]);
    expect(alertsOf(ports)).toEqual([`opened -/${rule}/${orphan}`]);
    expect(ports.sent.jobs).toEqual([]);
    expect(await ports.store.history.of(`-/${orphan}`)).toMatchObject([{ kind: 'opened', cause: { id: 'run-1' } }]);
  });

  it('resolves it when it is proved to be well, and says so once', async () => {
    const ports = await audited();
    await run('run-1', ports);
    ports.world.directory = directoryOf(['profiles']);

    const finished = await run('run-2', ports);

    expect(ports.store.all().map(({ state }) => state)).toEqual(['resolved']);
    expect(alertsOf(ports)).toEqual([`opened -/${rule}/${orphan}`, `resolved -/${rule}/${orphan}`]);
    expect(finished?.tally).toMatchObject({ resolved: 1, opened: 0 });
  });

  it('opens nothing for an app that has gone since the list was read, and resolves what was open', async () => {
    const ports = await audited();
    ports.world.goneApps.add(orphan);
    const finished = await run('run-1', ports);
    expect(ports.store.all()).toEqual([]);
    expect(finished?.requests).toMatchObject({ graph: 5 });

    ports.world.goneApps.clear();
    await run('run-2', ports);
    ports.world.goneApps.add(orphan);
    await run('run-3', ports);
    expect(alertsOf(ports)).toEqual([`opened -/${rule}/${orphan}`, `resolved -/${rule}/${orphan}`]);
  });

  it('asks for no app whose name is taken, or of which nobody can tell', async () => {
    const ports = await audited();
    const gone = (): never => {
      throw new Error('Only what would be called an orphan is looked at once more');
    };
    for (const answer of ['taken', null] as const) {
      ports.world.accountNames.clear();
      if (answer !== null) ports.world.accountNames.set('gone', answer);
      await run(`run-${String(answer)}`, { ...ports, apps: { gone } });
    }

    expect(ports.store.all().filter(({ subject }) => subject === orphan)).toEqual([]);
  });

  it('leaves it open while the apps cannot be read, and names that as a gap of the run', async () => {
    const ports = await audited();
    await run('run-1', ports);
    const forbidden = unavailable<never>(gap('applications'));
    ports.world.directory = { ...directoryOf(['profiles']), applications: forbidden };

    const finished = await run('run-2', ports);

    expect(ports.store.all().map(({ state }) => state)).toEqual(['open']);
    expect(finished).toMatchObject({ gaps: [gap('applications')], tally: { resolved: 0, verdicts: { unknown: 1 } } });
  });

  it('leaves it open while nobody can tell whether the name is free', async () => {
    const ports = await audited();
    await run('run-1', ports);
    ports.world.accountNames.clear();

    await run('run-2', ports);

    expect(ports.store.all().find(({ subject }) => subject === orphan)?.state).toBe('open');
  });

  it('tells nothing singly in its first audit, counts it in the summary, and marks the tenant', async () => {
    const ports = estate();

    const finished = await run('run-1', ports);

    expect(alertsOf(ports)).toEqual(['summary']);
    expect(ports.sent.alerts[0]?.title).toMatch(/1 subscription: 1 findings/);
    expect(finished?.tally).toMatchObject({ baselined: 1, opened: 1 });
    expect((await ports.store.runs.baselined()).has('-')).toBe(true);
  });

  it('has a baseline of its own where the subscriptions had theirs before there were rules about the tenant', async () => {
    const ports = estate();
    await ports.store.runs.markBaselined([account.subscriptionId]);

    await run('run-1', ports);

    expect(ports.sent.alerts.map(({ title }) => title)).toEqual([
      expect.stringMatching(/^First audit of the tenant's own settings: 1 findings/),
    ]);
  });

  it('asks for the names of accounts that were not seen and no others, and counts what that costs', async () => {
    const ports = await audited();
    const asked: (readonly string[])[] = [];
    const check: typeof ports.accountNames.check = (names) => {
      asked.push(names);
      return ports.accountNames.check(names);
    };

    const finished = await run('run-1', { ...ports, accountNames: { check } });

    expect(asked).toEqual([['gone']]);
    // One read for the account in its shard, one name, and one app.
    expect(finished?.requests).toEqual({ resourceGraph: 1, graph: 5, arm: 2, throttled: 0 });
  });

  it('asks for 200 names a run at most', async () => {
    const gone = Array.from({ length: 201 }, (_, index) => `gone${String(index)}`);
    const ports = memoryPorts([], directoryOf(gone));
    const asked: (readonly string[])[] = [];
    const check: typeof ports.accountNames.check = (names) => {
      asked.push(names);
      return ports.accountNames.check(names);
    };

    await run('run-1', { ...ports, accountNames: { check } });

    expect(asked.map(({ length }) => length)).toEqual([200]);
  });

  it('asks for no name, and reads no accounts again, where no rule would look at them', async () => {
    const ports = estate();
    const accountNames = { check: () => Promise.reject(new Error('asked for names')) };
    const storageAccounts = () => Promise.reject(new Error('read the accounts'));
    const collections = { ...ports.collections, storageAccounts };

    await run('run-1', { ...ports, accountNames, collections }, settings({ rules: onlyRules('consent-granted') }));

    expect((await ports.store.runs.baselined()).has('-')).toBe(true);
  });

  it('looks at accounts that settings leave out of scope: their apps are no orphans', async () => {
    const ports = await audited();
    ports.world.directory = directoryOf(['profiles']);
    const exclude = [{ name: 'profiles' }];

    const finished = await run('run-1', ports, {
      ...given,
      scope: { managementGroups: [], subscriptions: [], exclude },
    });

    expect(finished).toMatchObject({ accounts: { seen: 1, inScope: 0 }, tally: { verdicts: { pass: 1, unknown: 0 } } });
  });
});

describe('An event on one account', () => {
  it('judges no rule about the tenant', async () => {
    const ports = await audited();
    const cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } } as const;

    await auditAccount(account.id, cause, given, ports);

    expect(ports.store.all()).toEqual([]);
    expect(ports.world.directory.tenantId).toBe(tenantId);
  });
});
