import { describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { auditShard, UnknownShard } from '../../../domain/audit/audit-shard.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import { collected, type Gap, itemsOf, known, unavailable } from '../../../domain/model/collection.ts';
import { day, fileService, gap, guid, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { distinct, memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const hour = 3_600_000;
const one = kerberosAccount('one', 2);
const two = kerberosAccount('two', 3);
const names = ['one', 'two'];
const given = settings({ rules: onlyRules('consent-granted', 'storage-app-present') });
const cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } } as const;

function estate(consented: readonly string[] = []): MemoryPorts {
  return memoryPorts([one, two], directoryOf(names, consented));
}

/** Plans and audits a run, a minute long. */
async function run(runId: string, ports: MemoryPorts, asked = given): Promise<void> {
  const { shards } = await planAudit(runId, asked, ports);
  ports.world.now += 60_000;
  for (let number = 0; number < shards; number += 1) await auditShard(runId, number, asked, ports);
}

describe('Planning an audit', () => {
  it('gives each subscription its own shards, 500 accounts at most, the tenant the last, and queues each by a fixed id', async () => {
    const many = Array.from({ length: 501 }, (_, index) => kerberosAccount(`a${String(index)}`, 2));
    const ports = memoryPorts([...many, two], directoryOf([]));

    const planned = await planAudit('run-1', given, ports);
    await planAudit('run-1', given, ports);

    const shards = (await ports.store.runs.shards('run-1')).map(({ shard }) => [shard.subscriptionId, shard.accounts]);
    expect(shards).toEqual([
      [guid(2), 500],
      [guid(2), 1],
      [guid(3), 1],
      ['-', 0],
    ]);
    expect(planned).toMatchObject({ shards: 4, accounts: { seen: 502, inScope: 502 } });
    expect(distinct(ports.sent).work).toEqual(['run-1:0', 'run-1:1', 'run-1:2', 'run-1:3']);
    const kept = await Promise.all([0, 1, 2, 3].map((number) => ports.store.runs.shard('run-1', number)));
    expect(kept.every((shard) => shard?.tally === null)).toBe(true);
    const facts = await Promise.all(
      [0, 1, 2].map((number) => ports.collections.shardFacts('run-1', number, new Set())),
    );
    const accounts = facts.flatMap(({ storageAccounts }) => itemsOf(storageAccounts));
    expect(new Set(accounts.map(({ key }) => key)).size).toBe(502);
  });

  it('leaves out what settings exclude, and keeps the gaps of what its rules need', async () => {
    const ports = estate();
    const unread = { applications: unavailable<never>(gap('applications')) };
    const unwanted = { securityDefaults: unavailable<never>(gap('security-defaults')) };
    ports.world.directory = { ...ports.world.directory, ...unread, ...unwanted };
    const exclude = [{ subscription: guid(3) }];

    const planned = await planAudit(
      'run-1',
      { ...given, scope: { managementGroups: [], subscriptions: [], exclude } },
      ports,
    );

    expect(planned).toMatchObject({ shards: 2, accounts: { seen: 2, inScope: 1 }, gaps: [gap('applications')] });
  });

  it('plans the shard of the tenant where there is no account', async () => {
    const ports = memoryPorts([], directoryOf([]));

    await run('run-1', ports);

    expect(await ports.store.runs.find('run-1')).toMatchObject({ shards: 1, finishedAt: ports.world.now });
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
    expect(await ports.store.runs.baselined()).toEqual(new Set([guid(2), guid(3), '-']));
    expect(await ports.store.runs.find('run-1')).toMatchObject({
      finishedAt: ports.world.now,
      tally: { opened: 2, baselined: 2, verdicts: { fail: 2, pass: 2 }, worst: 'critical' },
    });
  });

  it.each([
    ['before its shard was judged', 0],
    ['after its shard was judged', 2],
  ])('counts in the summary what an event opened %s, which nobody was told of', async (_, judged) => {
    const ports = estate(['two']);
    const { shards } = await planAudit('run-1', given, ports);
    ports.world.directory = directoryOf(names, []);
    for (let number = 0; number < shards; number += 1) {
      ports.world.now += 60_000;
      if (number === judged) await auditAccount(two.id, cause, given, ports);
      await auditShard('run-1', number, given, ports);
    }
    await dispatchOutbox(ports);

    expect(ports.sent.alerts.map(({ id, title }) => [id, /: (\d+) findings/.exec(title)?.[1]])).toEqual([
      ['run/run-1', '2'],
    ]);
    expect(await ports.store.runs.find('run-1')).toMatchObject({ tally: { baselined: 2 } });
  });

  it('marks subscriptions in which nothing is wrong too, without a summary', async () => {
    const ports = estate(names);
    await run('run-1', ports);
    await dispatchOutbox(ports);

    expect(ports.sent.alerts).toEqual([]);
    expect((await ports.store.runs.baselined()).size).toBe(3);
  });

  it('does not mark a subscription before the last shard is done', async () => {
    const ports = estate();
    await planAudit('run-1', given, ports);

    expect(await auditShard('run-1', 0, given, ports)).toEqual({ subscriptionId: guid(2), runFinished: false });
    expect(await ports.store.runs.baselined()).toEqual(new Set());
    expect(await auditShard('run-1', 2, given, ports)).toEqual({ subscriptionId: '-', runFinished: false });
    expect(await auditShard('run-1', 1, given, ports)).toEqual({ subscriptionId: guid(3), runFinished: true });
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

    expect(await auditShard('run-1', 0, given, ports)).toMatchObject({ runFinished: true });
    await dispatchOutbox(ports);

    expect(await ports.store.runs.find('run-1')).toEqual(finished);
    expect(ports.store.commits.attempted).toBe(attempted);
    expect(distinct(ports.sent).alerts).toEqual(['run/run-1']);
  });

  it('does not judge an account that was read on its own since', async () => {
    const ports = estate(names);
    await ports.store.runs.markBaselined([guid(2), guid(3)]);
    await planAudit('run-1', given, ports);
    ports.world.now += 1_000;
    ports.world.directory = directoryOf(names, ['two']);
    await auditAccount(one.id, cause, given, ports);
    const { attempted } = ports.store.commits;
    await auditShard('run-1', 0, given, ports);

    expect(ports.store.all()).toMatchObject([{ id: 'one/consent-granted', state: 'open' }]);
    expect(ports.store.commits.attempted).toBe(attempted);
    expect((await ports.store.runs.shard('run-1', 0))?.tally?.verdicts.pass).toBe(0);
  });

  it('does not open from older facts what was read as well since and never had a finding', async () => {
    const ports = estate();
    await ports.store.runs.markBaselined([guid(2), guid(3)]);
    await planAudit('run-1', given, ports);
    ports.world.now += 1_000;
    ports.world.directory = directoryOf(names);
    await auditAccount(one.id, cause, given, ports);
    await auditShard('run-1', 0, given, ports);

    expect(ports.store.all()).toEqual([]);
  });

  it('judges an account that was read on its own before the run', async () => {
    const ports = estate(names);
    await auditAccount(one.id, cause, given, ports);
    ports.world.now += 1_000;
    ports.world.directory = directoryOf(names, []);
    await run('run-1', ports);

    expect(ports.store.all()).toHaveLength(2);
  });

  it.each([
    ['run-1', 3],
    ['run-9', 0],
  ])('refuses what was never planned: %s, shard %i', async (runId, number) => {
    const ports = estate();
    await planAudit('run-1', given, ports);

    await expect(auditShard(runId, number, given, ports)).rejects.toThrow(UnknownShard);
  });
});

describe('Auditing a shard whose file services are wanted', () => {
  const wanting = settings({ rules: onlyRules('kerberos-aes256-allowed') });
  const [well, hidden] = [kerberosAccount('well', 2), kerberosAccount('hidden', 2)];
  const refusing = fileService({ accountKey: hidden.key, authenticationMethods: ['NTLMv2'] });
  const forbidden: Gap = { ...gap('file-services'), scope: hidden.key };

  /** `hidden` refuses Kerberos, and was found so. */
  async function found(): Promise<MemoryPorts> {
    const ports = memoryPorts([well, hidden], directoryOf(['well', 'hidden']));
    await ports.store.runs.markBaselined([guid(2), '-']);
    ports.world.fileServices = known([fileService({ accountKey: well.key }), refusing]);
    ports.world.readings.set(hidden.key, { state: 'found', account: hidden, fileServices: known([refusing]) });
    await run('run-1', ports, wanting);
    return ports;
  }

  it('judges each account by its own', async () => {
    const ports = await found();

    expect(ports.store.all()).toMatchObject([{ id: 'hidden/kerberos-aes256-allowed', state: 'open' }]);
  });

  it('leaves a finding as it is while the file service is forbidden, and names that account as a gap of the run', async () => {
    const ports = await found();
    ports.world.fileServices = collected([fileService({ accountKey: well.key })], [forbidden]);

    await run('run-2', ports, wanting);

    expect(ports.store.all()).toMatchObject([{ id: 'hidden/kerberos-aes256-allowed', state: 'open', transitions: 1 }]);
    expect(await ports.store.runs.find('run-2')).toMatchObject({
      gaps: [forbidden],
      tally: { verdicts: { pass: 1, unknown: 1, fail: 0 } },
    });
  });

  it('counts the requests of its shards into the run', async () => {
    const ports = await found();

    expect((await ports.store.runs.find('run-1'))?.requests).toEqual({
      resourceGraph: 1,
      graph: 4,
      arm: 2,
      throttled: 0,
    });
  });

  it('has no gap of file services that no rule asks for', async () => {
    const ports = await found();
    ports.world.fileServices = unavailable(forbidden);

    await run('run-2', ports);

    expect((await ports.store.runs.find('run-2'))?.gaps).toEqual([]);
  });
});

describe('A shard that waited for hours', () => {
  it('says how it was when its facts were read: what has come with time since waits for the next run', async () => {
    const expiry = settings({ rules: onlyRules('sp-password-expiry') });
    const ports = estate(names);
    await ports.store.runs.markBaselined([guid(2), guid(3), '-']);
    const { directory } = ports.world;
    const endsAt = ports.world.now + 60 * day + hour;
    const password = { keyId: 'k1', startsAt: ports.world.now - day, endsAt };
    const principals = itemsOf(directory.servicePrincipals).map((one) => ({ ...one, passwordCredentials: [password] }));
    ports.world.directory = { ...directory, servicePrincipals: known(principals) };
    await planAudit('run-1', expiry, ports);
    ports.world.now += 2 * hour;
    for (const shard of [0, 1]) await auditShard('run-1', shard, expiry, ports);
    expect(ports.store.all()).toEqual([]);

    await run('run-2', ports, expiry);
    expect(ports.store.all().map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'one/sp-password-expiry warn',
      'two/sp-password-expiry warn',
    ]);
  });
});
