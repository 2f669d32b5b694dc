import { describe, expect, it } from 'vitest';
import { accountHistory } from '../../../domain/audit/account-history.ts';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import { noneVanished, type Run } from '../../../domain/audit/run.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { gap, settings } from '../build.ts';
import { directoryOf, fileServicesOf, kerberosAccount, onlyRules } from '../estate.ts';
import { distinct, memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const given = settings({ rules: onlyRules('consent-granted', 'coverage-lost') });
const stays = kerberosAccount('stays', 2);
const gone = kerberosAccount('gone', 3);

async function run(runId: string, ports: MemoryPorts, asked = given): Promise<Run | null> {
  ports.world.now += 60_000;
  const { shards } = await planAudit(runId, asked, ports);
  for (let number = 0; number < shards; number += 1) await auditShard(runId, number, asked, ports);
  await dispatchOutbox(ports);
  return ports.store.runs.find(runId);
}

/** Carries out the audits of single accounts that were queued and not done yet. */
async function auditQueued(ports: MemoryPorts, asked = given): Promise<void> {
  ports.world.now += 1_000;
  for (const { work } of ports.sent.work.splice(0)) {
    if (work.kind === 'account') await auditAccount(work.accountId, work.cause, asked, ports);
  }
  await dispatchOutbox(ports);
}

/** Two accounts without consent, each in its own subscription, after their first audit. */
async function audited(accounts: readonly StorageAccount[] = [stays, gone]): Promise<MemoryPorts> {
  const ports = memoryPorts(
    accounts,
    directoryOf(
      accounts.map(({ name }) => name),
      [],
    ),
  );
  await run('run-0', ports);
  ports.sent.work.length = 0;
  return ports;
}

function askedOf(ports: MemoryPorts): string[] {
  return ports.sent.work.flatMap(({ work }) => (work.kind === 'account' ? [work.accountId] : [])).sort();
}

function stateOf(ports: MemoryPorts, id = 'gone/consent-granted'): string | undefined {
  return ports.store.all().find((finding) => finding.id === id)?.state;
}

describe('An account that is not in the complete list of its subscription', () => {
  it('is asked for once more, and closes as gone after a 404, caused by the run', async () => {
    const ports = await audited();
    ports.world.readings.delete(gone.key);
    const finished = await run('run-1', ports);

    expect(askedOf(ports)).toEqual([gone.id]);
    expect(stateOf(ports)).toBe('open');
    expect(finished?.tally?.vanished).toMatchObject({ asked: 1, waiting: 0 });

    await auditQueued(ports);
    expect([stateOf(ports), stateOf(ports, 'stays/consent-granted')]).toEqual(['gone', 'open']);
    expect((await ports.store.history.of(gone.key)).at(-1)).toMatchObject({
      kind: 'gone',
      cause: { kind: 'nightly', id: 'run-1' },
    });
    await run('run-2', ports);
    expect(askedOf(ports)).toEqual([]);
  });

  it('stays as it is while the answer is 403', async () => {
    const ports = await audited();
    ports.world.unlisted.add(gone.key);
    ports.world.readings.set(gone.key, { state: 'unreadable', gap: { ...gap('storage-accounts'), scope: gone.key } });
    await run('run-1', ports);
    await auditQueued(ports);

    expect(stateOf(ports)).toBe('open');
    expect(ports.sent.alerts.map(({ transition }) => transition)).toEqual(['summary']);
  });

  it('is judged as ever where it is there all the same', async () => {
    const ports = await audited();
    ports.world.unlisted.add(gone.key);
    await run('run-1', ports);
    expect(askedOf(ports)).toEqual([gone.id]);
    ports.world.directory = directoryOf(['stays', 'gone'], ['gone']);
    await auditQueued(ports);

    expect(stateOf(ports)).toBe('resolved');
  });

  it('is not asked for while the list of its subscription has a gap, or the subscription is not seen', async () => {
    const ports = await audited();
    ports.world.readings.delete(gone.key);
    ports.world.accountGaps = [{ ...gap('storage-accounts'), scope: `/subscriptions/${gone.subscriptionId}` }];
    await run('run-1', ports);
    ports.world.accountGaps = [];
    ports.world.seen = [stays.subscriptionId];
    await run('run-2', ports);

    expect(askedOf(ports)).toEqual([]);
    expect(stateOf(ports)).toBe('open');
  });

  it('is asked for without a finding too, and forgotten by the directory watch', async () => {
    const ports = memoryPorts([stays, gone], directoryOf(['stays', 'gone']));
    await run('run-0', ports);
    expect(ports.store.all()).toEqual([]);
    ports.sent.work.length = 0;
    ports.world.readings.delete(gone.key);
    await run('run-1', ports);
    expect(askedOf(ports)).toEqual([gone.id]);

    await auditQueued(ports);
    await run('run-2', ports);
    expect(askedOf(ports)).toEqual([]);
  });

  it('is asked for 200 at a time, and the run says how many wait', async () => {
    const many = Array.from({ length: 201 }, (_, index) => kerberosAccount(`a${String(index)}`, 2));
    const ports = await audited(many);
    for (const { key } of many) ports.world.readings.delete(key);

    const first = await run('run-1', ports);
    expect([askedOf(ports).length, first?.tally?.vanished]).toMatchObject([200, { asked: 200, waiting: 1 }]);
    await auditQueued(ports);
    const second = await run('run-2', ports);
    expect(second?.tally?.vanished).toMatchObject({ asked: 1, waiting: 0 });
  });

  it('is one message however often the shard of the tenant is delivered', async () => {
    const ports = await audited();
    ports.world.readings.delete(gone.key);
    ports.world.now += 60_000;
    const { shards } = await planAudit('run-1', given, ports);
    ports.sent.work.length = 0;
    const tenant = shards - 1;
    await auditShard('run-1', tenant, given, { ...ports, runs: { ...ports.store.runs, finishShard: crash } }).catch(
      () => undefined,
    );
    await auditShard('run-1', tenant, given, ports);

    expect(ports.sent.work).toHaveLength(2);
    expect(distinct(ports.sent).work).toHaveLength(1);
  });

  it('is left alone by a run that kept no ledger, planned by an older version', async () => {
    const ports = await audited();
    ports.world.readings.delete(gone.key);
    const runs = { ...ports.store.runs, keepCoverage: () => Promise.resolve(), coverage: () => Promise.resolve([]) };
    const finished = await run('run-1', { ...ports, runs });

    expect(askedOf(ports)).toEqual([]);
    expect(finished?.tally?.vanished).toEqual(noneVanished);
  });

  it('is not taken for vanished that was made and judged after the list was read', async () => {
    const ports = await audited([stays]);
    ports.world.now += 60_000;
    const { shards } = await planAudit('run-1', given, ports);
    ports.sent.work.length = 0;
    ports.world.now += 1_000;
    const made = kerberosAccount('made', 2);
    ports.world.readings.set(made.key, { state: 'found', account: made, fileServices: fileServicesOf([made]) });
    ports.world.directory = directoryOf(['stays', 'made'], []);
    const cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } } as const;
    await auditAccount(made.id, cause, given, ports);
    await auditShard('run-1', shards - 1, given, ports);

    expect(stateOf(ports, 'made/consent-granted')).toBe('open');
    expect(askedOf(ports)).toEqual([]);
  });
});

function crash(): Promise<never> {
  return Promise.reject(new Error('the process ends'));
}

describe('An account that was moved', () => {
  const moved = kerberosAccount('gone', 4);

  async function afterTheMove(): Promise<MemoryPorts> {
    const ports = await audited();
    ports.world.readings.delete(gone.key);
    ports.world.readings.set(moved.key, { state: 'found', account: moved, fileServices: fileServicesOf([moved]) });
    ports.world.seen = [...ports.world.seen, moved.subscriptionId];
    return ports;
  }

  it('keeps its history under the new id, and the old one says where it went', async () => {
    const ports = await afterTheMove();
    const finished = await run('run-1', ports);
    await auditQueued(ports);

    const now = await accountHistory(moved.key, ports);
    expect(now.formerKeys).toEqual([gone.key]);
    expect(now.transitions.map(({ kind, key }) => [kind, key])).toEqual([
      ['opened', gone.key],
      ['opened', moved.key],
      ['gone', gone.key],
    ]);
    expect(await accountHistory(gone.key, ports)).toMatchObject({ movedTo: moved.key, formerKeys: [] });
    expect(finished?.tally?.vanished).toMatchObject({ asked: 1, moved: 1 });
    expect((await run('run-2', ports))?.tally?.vanished).toMatchObject({ asked: 0, moved: 0 });
  });

  it('is known for moved although an event closed the old id first', async () => {
    const ports = await afterTheMove();
    const cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } } as const;
    await auditAccount(gone.id, cause, given, ports);
    await run('run-1', ports);

    expect((await accountHistory(moved.key, ports)).formerKeys).toEqual([gone.key]);
  });

  it('is known for moved without any finding although an event found the old id gone first', async () => {
    const ports = memoryPorts([gone]);
    await run('run-0', ports);
    ports.world.readings.delete(gone.key);
    const cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } } as const;
    await auditAccount(gone.id, cause, given, ports);
    const between = await run('run-1', ports);
    ports.world.readings.set(moved.key, { state: 'found', account: moved, fileServices: fileServicesOf([moved]) });
    ports.world.seen = [...ports.world.seen, moved.subscriptionId];
    const finished = await run('run-2', ports);

    // Nothing is left to ask about an id that a 404 was had for.
    expect(between?.tally?.vanished).toMatchObject({ asked: 0, moved: 0 });
    expect(finished?.tally?.vanished).toMatchObject({ asked: 0, moved: 1 });
    expect((await accountHistory(moved.key, ports)).formerKeys).toEqual([gone.key]);
    expect((await run('run-3', ports))?.tally?.vanished).toMatchObject({ asked: 0, moved: 0 });
  });

  it('is known for moved without any finding', async () => {
    const ports = memoryPorts([gone]);
    await run('run-0', ports);
    ports.world.readings.delete(gone.key);
    ports.world.readings.set(moved.key, { state: 'found', account: moved, fileServices: fileServicesOf([moved]) });
    ports.world.seen = [...ports.world.seen, moved.subscriptionId];
    const finished = await run('run-1', ports);

    expect(finished?.tally?.vanished).toMatchObject({ asked: 1, moved: 1 });
    expect((await accountHistory(moved.key, ports)).formerKeys).toEqual([gone.key]);
  });

  it('keeps the ids of several moves, and ends where it came back', async () => {
    const ports = await afterTheMove();
    await run('run-1', ports);
    await ports.formerKeys.record(gone.key, moved.key);

    expect((await accountHistory(gone.key, ports)).formerKeys).toEqual([moved.key]);
  });

  it('is another account where the host differs', async () => {
    const ports = await afterTheMove();
    const other = { ...moved, host: 'gone.z1.file.storage.azure.net' };
    ports.world.readings.set(moved.key, { state: 'found', account: other, fileServices: fileServicesOf([other]) });
    await run('run-1', ports);

    expect((await accountHistory(moved.key, ports)).formerKeys).toEqual([]);
  });
});

describe('An account that settings leave out since', () => {
  it('leaves its findings open, is asked for by nobody, and is named in the run', async () => {
    const ports = await audited();
    const exclude = [{ name: 'gone' }];
    const finished = await run('run-1', ports, { ...given, scope: { ...given.scope, exclude } });

    expect(stateOf(ports)).toBe('open');
    expect(askedOf(ports)).toEqual([]);
    expect(finished?.tally?.vanished.outOfScope).toEqual({ count: 1, findings: ['gone/consent-granted'] });
  });

  it('is named as well where its whole subscription has left the scope', async () => {
    const ports = await audited();
    ports.world.seen = [stays.subscriptionId];
    ports.world.scope = { subscriptions: [stays.subscriptionId], managementGroups: [] };
    const finished = await run('run-1', ports);

    expect(finished?.tally?.vanished.outOfScope.findings).toEqual(['gone/consent-granted']);
    expect(finished?.tally?.opened).toBe(0);
  });
});

describe('What the event path missed', () => {
  const hour = 3_600_000;

  it('is counted by the night, with how late it was at most', async () => {
    const ports = await audited();
    ports.world.directory = directoryOf(['stays', 'gone'], ['stays']);
    ports.world.now += hour;
    const finished = await run('run-1', ports);

    // The runs are an hour and the minute apart that `run` lets pass.
    expect(finished?.tally?.missedByEvents).toEqual({ count: 1, atMostMs: hour + 60_000 });
  });

  it('is nothing where an event made somebody look since the run before', async () => {
    const ports = await audited();
    ports.world.now += hour;
    const cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } } as const;
    await auditAccount(stays.id, cause, given, ports);
    ports.world.directory = directoryOf(['stays', 'gone'], ['stays']);
    const finished = await run('run-1', ports);

    expect(finished?.tally).toMatchObject({ resolved: 1, missedByEvents: { count: 0, atMostMs: null } });
  });

  it('is nothing in a first audit, and nothing where nothing has changed', async () => {
    const ports = await audited();
    const unchanged = await run('run-1', ports);
    const [first] = (await ports.store.runs.latest(5)).filter(({ id }) => id === 'run-0');

    expect([first?.tally?.missedByEvents.count, unchanged?.tally?.missedByEvents.count]).toEqual([0, 0]);
  });

  it('does not count what the calendar alone changed', async () => {
    const asked = settings({ rules: onlyRules('sp-password-expiry') });
    const ports = memoryPorts([stays]);
    await run('run-0', ports, asked);
    ports.world.now += 290 * 24 * hour;
    const finished = await run('run-1', ports, asked);

    expect(finished?.tally).toMatchObject({ opened: 1, missedByEvents: { count: 0 } });
  });
});
