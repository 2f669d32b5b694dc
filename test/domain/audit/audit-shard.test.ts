import { describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { auditShard, UnknownShard } from '../../../domain/audit/audit-shard.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import type { Settings } from '../../../domain/model/settings.ts';
import { gap, guid, settings } from '../build.ts';
import { directoryOf, kerberosAccount } from '../estate.ts';
import { distinct, memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const one = kerberosAccount('one', 2);
const two = kerberosAccount('two', 3);
const names = ['one', 'two'];
const cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } } as const;

function estate(consented: readonly string[] = []): MemoryPorts {
  return memoryPorts([one, two], directoryOf(names, consented));
}

/** Plans and audits a run, a minute long. */
async function run(runId: string, ports: MemoryPorts, given: Settings = settings()): Promise<void> {
  const { shards } = await planAudit(runId, given, ports);
  ports.world.now += 60_000;
  for (let number = 0; number < shards; number += 1) await auditShard(runId, number, given, ports);
}

describe('Planning an audit', () => {
  it('gives each subscription its own shards, 500 accounts at most, and queues each by a fixed id', async () => {
    const many = Array.from({ length: 501 }, (_, index) => kerberosAccount(`a${String(index)}`, 2));
    const ports = memoryPorts([...many, two], directoryOf([]));

    const planned = await planAudit('run-1', settings(), ports);
    await planAudit('run-1', settings(), ports);

    const shards = (await ports.store.runs.shards('run-1')).map(({ shard }) => [shard.subscriptionId, shard.accounts]);
    expect(shards).toEqual([
      [guid(2), 500],
      [guid(2), 1],
      [guid(3), 1],
    ]);
    expect(planned).toMatchObject({ shards: 3, accounts: { seen: 502, inScope: 502 } });
    expect(distinct(ports.sent).work).toEqual(['run-1:0', 'run-1:1', 'run-1:2']);
    const kept = await Promise.all([0, 1, 2].map((number) => ports.store.runs.shard('run-1', number)));
    expect(kept.every((shard) => shard?.tally === null)).toBe(true);
    const accounts = await Promise.all([0, 1, 2].map((number) => ports.collections.shardAccounts('run-1', number)));
    expect(new Set(accounts.flat().map(({ key }) => key)).size).toBe(502);
  });

  it('leaves out what settings exclude, and keeps the gaps of what was read', async () => {
    const ports = estate();
    ports.world.gaps = [gap('applications')];
    const exclude = [{ subscription: guid(3) }];

    const planned = await planAudit(
      'run-1',
      settings({ scope: { managementGroups: [], subscriptions: [], exclude } }),
      ports,
    );

    expect(planned).toMatchObject({ shards: 1, accounts: { seen: 2, inScope: 1 }, gaps: [gap('applications')] });
  });

  it('finishes a run that has nothing to audit', async () => {
    const ports = memoryPorts([], directoryOf([]));

    await planAudit('run-1', settings(), ports);

    expect(await ports.store.runs.find('run-1')).toMatchObject({ shards: 0, finishedAt: ports.world.now });
    expect(ports.store.unsent()).toEqual([]);
  });
});

describe('Auditing a run', () => {
  it('makes one summary alert of the first audit, no job, and marks the subscriptions', async () => {
    const ports = estate();
    await run('run-1', ports);
    await dispatchOutbox(ports);

    expect(ports.store.all().map(({ id, state }) => [id, state])).toEqual([
      ['one/consent-granted', 'open'],
      ['two/consent-granted', 'open'],
    ]);
    expect(ports.sent.jobs).toEqual([]);
    expect(ports.sent.alerts).toMatchObject([
      { id: 'run/run-1', transition: 'summary', severity: 'critical', rule: null },
    ]);
    expect(ports.sent.alerts[0]?.title).toMatch(/2 subscriptions: 2 findings/);
    expect(await ports.store.runs.baselined()).toEqual(new Set([guid(2), guid(3)]));
    expect(await ports.store.runs.find('run-1')).toMatchObject({
      finishedAt: ports.world.now,
      tally: { opened: 2, baselined: 2, verdicts: { fail: 2, pass: 10 }, worst: 'critical' },
    });
  });

  it('marks subscriptions in which nothing is wrong too, without a summary', async () => {
    const ports = estate(names);
    await run('run-1', ports);
    await dispatchOutbox(ports);

    expect(ports.sent.alerts).toEqual([]);
    expect((await ports.store.runs.baselined()).size).toBe(2);
  });

  it('does not mark a subscription before the last shard is done', async () => {
    const ports = estate();
    await planAudit('run-1', settings(), ports);

    expect(await auditShard('run-1', 0, settings(), ports)).toEqual({ subscriptionId: guid(2), runFinished: false });
    expect(await ports.store.runs.baselined()).toEqual(new Set());
    expect(await auditShard('run-1', 1, settings(), ports)).toEqual({ subscriptionId: guid(3), runFinished: true });
  });

  it('tells each change on its own from then on', async () => {
    const ports = estate(['one']);
    await run('run-1', ports);
    ports.world.directory = directoryOf(names, ['two']);
    await run('run-2', ports);
    await dispatchOutbox(ports);

    expect(ports.sent.alerts.map(({ transition, accounts }) => [transition, accounts[0]?.name])).toEqual(
      expect.arrayContaining([
        ['summary', undefined],
        ['opened', 'one'],
        ['resolved', 'two'],
      ]),
    );
    expect(ports.sent.alerts).toHaveLength(3);
    expect(ports.sent.jobs.map(({ accounts }) => accounts[0]?.name)).toEqual(['one']);
  });

  it('commits nothing when nothing has changed', async () => {
    const ports = estate(['one']);
    await run('run-1', ports);
    const before = ports.store.commits.attempted;
    await run('run-2', ports);

    expect(ports.store.commits.attempted).toBe(before);
    expect(await ports.store.runs.find('run-2')).toMatchObject({
      tally: { opened: 0, baselined: 0, verdicts: { fail: 1 } },
    });
  });

  it('does not count a shard twice that is delivered twice', async () => {
    const ports = estate();
    await run('run-1', ports);
    const finished = await ports.store.runs.find('run-1');
    const { attempted } = ports.store.commits;
    ports.world.now += 60_000;

    expect(await auditShard('run-1', 0, settings(), ports)).toMatchObject({ runFinished: true });
    await dispatchOutbox(ports);

    expect(await ports.store.runs.find('run-1')).toEqual(finished);
    expect(ports.store.commits.attempted).toBe(attempted);
    expect(distinct(ports.sent).alerts).toEqual(['run/run-1']);
  });

  it('does not judge an account that was read on its own since', async () => {
    const ports = estate(names);
    await ports.store.runs.markBaselined([guid(2), guid(3)]);
    await planAudit('run-1', settings(), ports);
    ports.world.now += 1_000;
    ports.world.directory = directoryOf(names, ['two']);
    await auditAccount(one.id, cause, settings(), ports);
    const { attempted } = ports.store.commits;
    await auditShard('run-1', 0, settings(), ports);

    expect(ports.store.all()).toMatchObject([{ id: 'one/consent-granted', state: 'open' }]);
    expect(ports.store.commits.attempted).toBe(attempted);
    expect((await ports.store.runs.shard('run-1', 0))?.tally?.verdicts.pass).toBe(0);
  });

  it('does not open from older facts what was read as well since and never had a finding', async () => {
    const ports = estate();
    await ports.store.runs.markBaselined([guid(2), guid(3)]);
    await planAudit('run-1', settings(), ports);
    ports.world.now += 1_000;
    ports.world.directory = directoryOf(names);
    await auditAccount(one.id, cause, settings(), ports);
    await auditShard('run-1', 0, settings(), ports);

    expect(ports.store.all()).toEqual([]);
  });

  it('judges an account that was read on its own before the run', async () => {
    const ports = estate(names);
    await auditAccount(one.id, cause, settings(), ports);
    ports.world.now += 1_000;
    ports.world.directory = directoryOf(names, []);
    await run('run-1', ports);

    expect(ports.store.all()).toHaveLength(2);
  });

  it.each([
    ['run-1', 2],
    ['run-9', 0],
  ])('refuses what was never planned: %s, shard %i', async (runId, number) => {
    const ports = estate();
    await planAudit('run-1', settings(), ports);

    await expect(auditShard(runId, number, settings(), ports)).rejects.toThrow(UnknownShard);
  });
});
