import { beforeEach, describe, expect, it } from 'vitest';
import { accountTags } from '../../../domain/audit/account-tags.ts';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import { sweep, type SweepPorts } from '../../../domain/audit/sweep.ts';
import { endWaivers } from '../../../domain/audit/sweep-waivers.ts';
import { waive, type WaivePorts } from '../../../domain/audit/waive.ts';
import type { Actor, Cause } from '../../../domain/findings/finding.ts';
import type { WaiverRequest } from '../../../domain/findings/new-waiver.ts';
import { planRepair } from '../../../domain/remediation/plan-repair.ts';
import { guid, now, settings } from '../build.ts';
import { directoryOf, fileServicesOf, kerberosAccount, onlyRules } from '../estate.ts';
import { Crash } from '../faults.ts';
import { distinct, memoryPorts, type MemoryPorts } from '../memory-ports.ts';
import { waiverIds } from '../waiver-ids.ts';

const jo: Actor = { kind: 'user', objectId: guid(0x70) };
const cause: Cause = { kind: 'event', id: 'event-1', actor: { kind: 'unknown', objectId: null } };
const day = 24 * 3_600_000;
const minute = 60_000;
const rules = onlyRules('consent-granted');
const quiet = settings({ rules, remediation: { 'grant-consent': 'off' } });
const profiles = kerberosAccount('profiles');
const findingId = 'profiles/consent-granted';

type Ports = MemoryPorts & SweepPorts & Pick<WaivePorts, 'waiverId'>;

/** An account without consent; what waits and what was said is settled, so that a sweep has nothing to do. */
async function estate(with_ = quiet): Promise<Ports> {
  const memory = memoryPorts([profiles], directoryOf(['profiles'], []));
  await memory.store.runs.markBaselined([profiles.subscriptionId, '-']);
  await auditAccount(profiles.id, cause, with_, memory);
  const ports = { ...memory, waiverId: waiverIds(), accountTags: () => accountTags(memory) };
  await dispatchOutbox(ports);
  await sweep(with_, ports);
  ports.sent.alerts.length = 0;
  return ports;
}

function request(over: Partial<WaiverRequest> = {}): WaiverRequest {
  return {
    scope: { kind: 'finding', key: profiles.key, rule: 'consent-granted' },
    reason: 'Migration',
    owner: 'Storage',
    until: new Date(now + 60 * day).toISOString(),
    ...over,
  };
}

async function alertsAfter(ports: Ports): Promise<readonly (readonly string[])[]> {
  await dispatchOutbox(ports);
  return ports.sent.alerts.map(({ id, transition, title }) => [id, transition, title]);
}

let ports: Ports;
beforeEach(async () => {
  ports = await estate();
});

describe('A sweep that finds nothing', () => {
  it('does nothing, says nothing and writes nothing', async () => {
    const before = ports.store.commits.attempted;

    expect(await sweep(quiet, ports)).toEqual([]);
    expect([ports.store.commits.attempted, await ports.sweeps.latest(9)]).toEqual([before, []]);
  });
});

describe('A waiver that ends by itself on a fault that is there still', () => {
  const automatic = settings({ rules, remediation: { 'grant-consent': 'auto' } });

  it('has what it covered planned, once: no audit would see it open', async () => {
    await waive(request(), jo, automatic, ports);
    ports.world.now = now + 60 * day;
    ports.sent.work.length = 0;
    for (const later of [minute, minute]) {
      await endWaivers(ports);
      await dispatchOutbox(ports);
      ports.world.now += later;
    }

    const repair = { of: 'account', accountId: profiles.key, rule: 'consent-granted' } as const;
    expect(ports.sent.work.map(({ work }) => work)).toEqual([{ kind: 'plan-repair', repair, correlationId: 'w1' }]);
    ports.world.now += day;
    expect(await planRepair({ repair, correlationId: 'w1' }, automatic, ports)).toMatchObject({
      outcome: 'job',
      job: { findings: [{ id: findingId, episode: 2 }], dryRun: false },
    });
  });

  it('has nothing planned for what another waiver covers', async () => {
    await waive(request(), jo, quiet, ports);
    await waive(request({ until: new Date(now + 90 * day).toISOString(), owner: 'Others' }), jo, quiet, ports);
    ports.world.now = now + 60 * day;
    ports.sent.work.length = 0;
    await endWaivers(ports);
    await dispatchOutbox(ports);

    expect(ports.sent.work).toEqual([]);
  });
});

describe('A waiver that has expired', () => {
  it('opens what it covered again, tells it once, and is settled', async () => {
    await waive(request(), jo, quiet, ports);
    ports.world.now = now + 60 * day - 1;
    await sweep(quiet, ports);
    expect(ports.store.all()).toMatchObject([{ state: 'waived' }]);

    ports.world.now = now + 60 * day;
    const done = await sweep(quiet, ports);

    expect(done).toContain('Waiver w1 expired: 1 findings changed');
    expect(ports.store.all()).toMatchObject([{ state: 'open', episode: 2 }]);
    expect(ports.store.appended().at(-1) ?? null).toMatchObject({ findingId });
    expect((await alertsAfter(ports)).filter(([, transition]) => transition === 'reopened')).toEqual([
      [`${profiles.key}/consent-granted#3`, 'reopened', expect.stringMatching(/^No longer waived: /)],
    ]);
    expect(await sweep(quiet, ports)).toEqual([]);
    expect((await ports.sweeps.latest(1))[0]?.repaired).toEqual(done);
  });

  it('opens what somebody put under it late, although an outage kept the sweeps of some hours away', async () => {
    await waive(request(), jo, quiet, ports);
    const [waived] = await ports.findings.find(findingId);
    ports.world.now = now + 60 * day;
    await sweep(quiet, ports);
    const [opened] = await ports.findings.find(findingId);
    if (waived === undefined || opened === undefined) throw new Error('not stored');
    const late = { finding: waived.finding, version: opened.version, transition: null, effects: [] };
    await ports.findings.commit(profiles.subscriptionId, [late]);
    ports.world.now += 5 * 60 * minute;
    await sweep(quiet, ports);

    expect(ports.store.all()).toMatchObject([{ state: 'open' }]);
  });

  it('has the effect of one sweep, wherever one ends in the middle', async () => {
    for (let at = 0; at < 12; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const crashed = await estate();
        await waive(request(), jo, quiet, crashed);
        crashed.world.now = now + 60 * day;
        crashed.faults.arm(at, when);
        await sweep(quiet, crashed).catch((error: unknown) => {
          const each: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
          if (!each.every((one) => one instanceof Crash)) throw error;
        });
        await sweep(quiet, crashed);
        await dispatchOutbox(crashed);

        expect(crashed.store.all(), `${when} ${String(at)}`).toMatchObject([
          { state: 'open', episode: 2, transitions: 3 },
        ]);
        expect(distinct(crashed.sent).alerts.filter((id) => id.includes('#'))).toEqual([
          `${profiles.key}/consent-granted#3`,
        ]);
      }
    }
  });
});

describe('An audit that read a waiver while it held, and commits after its end', () => {
  async function late(after: number): Promise<readonly string[]> {
    await waive(request(), jo, quiet, ports);
    const [{ finding: waived } = { finding: null }] = await ports.findings.find(findingId);
    ports.world.now = now + 60 * day;
    await sweep(quiet, ports);
    const [stored] = await ports.findings.find(findingId);
    if (stored === undefined || waived === null) throw new Error('not there');
    await ports.findings.commit(profiles.subscriptionId, [
      { finding: waived, version: stored.version, transition: null, effects: [] },
    ]);
    ports.world.now += after;
    const done = await sweep(quiet, ports);
    return [...ports.store.all().map(({ state }) => state), ...done.filter((text) => text.startsWith('Waiver'))];
  }

  it('hides nothing: the next sweep opens it again, though the waiver was settled', async () => {
    expect(await late(15 * minute)).toEqual(['open', 'Waiver w1 expired: 1 findings changed']);
  });

  it('is not waited for longer than a day', async () => {
    expect(await late(day + minute)).toEqual(['waived']);
  });
});

describe('A waiver that ends soon', () => {
  it('is announced once, 15 days before, with what opens again then', async () => {
    await waive(request(), jo, quiet, ports);
    ports.world.now = now + 45 * day - 1;
    await sweep(quiet, ports);
    expect((await alertsAfter(ports)).filter(([id]) => id?.startsWith('waiver/'))).toEqual([]);

    ports.world.now = now + 45 * day;
    await sweep(quiet, ports);
    ports.world.now += day;
    await sweep(quiet, ports);

    const warnings = (await alertsAfter(ports)).filter(([id]) => id?.startsWith('waiver/'));
    expect(warnings).toEqual([
      ['waiver/w1/warning', 'summary', expect.stringContaining('1 finding opens again then unless it is given anew')],
    ]);
    expect(ports.sent.alerts.find(({ id }) => id === 'waiver/w1/warning')).toMatchObject({
      findingIds: [findingId],
      accounts: [{ name: 'profiles' }],
      severity: 'critical',
    });
  });

  it('is announced after half its time where it is shorter than that', async () => {
    await waive(request({ until: new Date(now + 4 * day).toISOString() }), jo, quiet, ports);
    await dispatchOutbox(ports);
    expect(await sweep(quiet, ports)).toEqual([]);
    ports.world.now = now + 2 * day + minute;
    expect(await sweep(quiet, ports)).toEqual([expect.stringContaining('its end was announced')]);
  });
});

describe('The weekly review', () => {
  const inWeeks = async (weeks: number): Promise<readonly string[]> => {
    ports.world.now = now + weeks * 7 * day;
    return sweep(quiet, ports);
  };
  const far = new Date(now + 300 * day).toISOString();

  it('names a waiver that has covered nothing for 30 days, once a week, and none that covers something', async () => {
    await waive(request({ until: far }), jo, quiet, ports);
    await waive(request({ scope: { kind: 'rule', rule: 'mfa-excluded' }, until: far }), jo, quiet, ports);
    await dispatchOutbox(ports);

    expect(await inWeeks(4)).toEqual([]);
    expect(await inWeeks(5)).toEqual([
      'Waiver w2 of mfa-excluded everywhere (owner: Storage) has covered nothing for 30 days',
    ]);
    expect(await sweep(quiet, ports)).toEqual([]);
    expect((await alertsAfter(ports)).map(([, , title]) => title)).toEqual([
      expect.stringContaining('To tidy up: Waiver w2'),
    ]);
    expect(await inWeeks(6)).toHaveLength(1);
  });

  it('names a waiver of what is not there, when the list of accounts was read whole', async () => {
    const account = { kind: 'account', accountKey: `${profiles.key}2`, rule: null } as const;
    const subscription = { kind: 'subscription', subscriptionId: guid(99), rule: null } as const;
    for (const scope of [account, subscription]) await waive(request({ scope, until: far }), jo, quiet, ports);

    expect(await inWeeks(1)).toEqual([]);
    await planAudit('run-1', quiet, ports);
    expect((await inWeeks(2)).filter((text) => text.startsWith('Waiver'))).toEqual([
      expect.stringMatching(/^Waiver w1 .* names an account that is not there$/),
      expect.stringMatching(/^Waiver w2 .* names a subscription without a storage account$/),
    ]);
  });

  it('says nothing of a waiver for what lies in a subscription that is out of sight', async () => {
    const other = kerberosAccount('other', 4);
    ports.world.readings.set(other.key, { state: 'found', account: other, fileServices: fileServicesOf([other]) });
    ports.world.seen = [...ports.world.seen, other.subscriptionId];
    // The ledger of a run is compared with that of the last one that was finished.
    const { shards } = await planAudit('run-1', quiet, ports);
    for (let number = 0; number < shards; number += 1) await auditShard('run-1', number, quiet, ports);
    const account = { kind: 'account', accountKey: profiles.key, rule: null } as const;
    const subscription = { kind: 'subscription', subscriptionId: profiles.subscriptionId, rule: null } as const;
    for (const scope of [account, subscription]) await waive(request({ scope, until: far }), jo, quiet, ports);
    ports.world.seen = [other.subscriptionId];
    ports.world.now += day;
    await planAudit('run-2', quiet, ports);

    expect((await inWeeks(2)).filter((text) => text.includes('names'))).toEqual([]);
  });

  it('names a finding that a newer version wrote, and a row that is no waiver or no job', async () => {
    const [stored] = await ports.findings.find(findingId);
    if (stored === undefined) throw new Error('not there');
    const finding = { ...stored.finding, state: 'quarantined' } as never;
    await ports.findings.commit(profiles.subscriptionId, [
      { finding, version: stored.version, transition: null, effects: [] },
    ]);
    const waivers = { ...ports.waivers, malformed: () => Promise.resolve(['w8']) };
    const jobs = { ...ports.jobs, malformed: () => Promise.resolve(['ab12']) };
    ports.world.now += 7 * day;

    expect(await sweep(quiet, { ...ports, waivers, jobs })).toEqual([
      `Finding ${findingId} is in the state "quarantined", which a newer version wrote: it is left as it is`,
      'Row ab12 of table jobs is no job that can be read: nobody carries it out, and it stays until somebody removes it',
      'Row w8 of table waivers is no waiver: it waives nothing',
    ]);
  });
});

describe('What was left half done', () => {
  it('in the outbox is sent after ten minutes', async () => {
    ports.world.directory = directoryOf(['profiles']);
    ports.world.now += minute;
    await auditAccount(profiles.id, cause, quiet, ports);
    expect(await sweep(quiet, ports)).toEqual([]);

    ports.world.now += 11 * minute;
    expect(await sweep(quiet, ports)).toEqual([
      `Outbox of subscription ${profiles.subscriptionId}: sent 1 transitions, 0 jobs, 1 alerts that had waited more than 10 minutes`,
    ]);
    expect([ports.store.unsent(), await ports.outbox.partitions()]).toEqual([[], []]);
  });

  it('of a run is queued again after six hours, once in six hours, and then the run is finished', async () => {
    await planAudit('run-1', quiet, ports);
    await auditShard('run-1', 0, quiet, ports);
    const shardsSent = (): readonly string[] =>
      ports.sent.work.flatMap(({ messageId }) => (messageId.includes(':again:') ? [messageId] : []));
    ports.world.now += 6 * 60 * minute - 1;
    await sweep(quiet, ports);
    expect(shardsSent()).toEqual([]);

    ports.world.now += 1;
    expect(await sweep(quiet, ports)).toContain('Run run-1: queued 1 shards again that were not done');
    await sweep(quiet, ports);
    expect(shardsSent()).toEqual(['run-1:1:again:1']);

    await auditShard('run-1', 1, quiet, ports);
    ports.world.now += 6 * 60 * minute;
    expect((await ports.runs.find('run-1'))?.finishedAt).not.toBeNull();
    expect((await sweep(quiet, ports)).filter((text) => text.startsWith('Run'))).toEqual([]);
  });

  it('of a run whose last shard was done when its process ended is finished', async () => {
    await planAudit('run-1', quiet, ports);
    await auditShard('run-1', 0, quiet, ports);
    const { runs } = ports;
    const broken = { ...ports, runs: { ...ports.store.runs, finish: () => Promise.reject(new Crash('here')) } };
    await expect(auditShard('run-1', 1, quiet, broken)).rejects.toThrow(Crash);
    ports.world.now += 6 * 60 * minute;

    expect(await sweep(quiet, ports)).toContain('Run run-1: all its shards were done, and it was finished');
    expect((await runs.find('run-1'))?.finishedAt).toBe(ports.now());
  });

  describe('of a run with a shard that can never be done', () => {
    const homes = kerberosAccount('homes', 3);

    /** The first audit of an estate of two subscriptions, of which that of `homes` fails. */
    async function stuck(): Promise<Ports> {
      const memory = memoryPorts([profiles, homes], directoryOf(['profiles', 'homes'], []));
      const stuckPorts = { ...memory, waiverId: waiverIds(), accountTags: () => accountTags(memory) };
      await planAudit('run-1', quiet, stuckPorts);
      await auditShard('run-1', 0, quiet, stuckPorts);
      await auditShard('run-1', 2, quiet, stuckPorts);
      return stuckPorts;
    }

    it('is waited for for a day; then the run ends without it, with a gap, and says so', async () => {
      const stuckPorts = await stuck();
      stuckPorts.world.now += 24 * 60 * minute - 1;
      await sweep(quiet, stuckPorts);
      expect((await stuckPorts.runs.find('run-1'))?.finishedAt).toBeNull();

      stuckPorts.world.now += 1;
      expect(await sweep(quiet, stuckPorts)).toContain(
        'Run run-1: ended after a day without 1 shards that could not be done',
      );
      expect(await stuckPorts.runs.find('run-1')).toMatchObject({
        finishedAt: stuckPorts.now(),
        gaps: [{ collection: 'storage-accounts', scope: `/subscriptions/${guid(3)}`, reason: 'unreachable' }],
      });
      await dispatchOutbox(stuckPorts);
      expect(stuckPorts.sent.alerts.filter(({ id }) => id === 'run/run-1/unfinished')).toMatchObject([
        { severity: 'high', title: expect.stringContaining(`subscription ${guid(3)} could not be audited`) as unknown },
      ]);
      expect((await sweep(quiet, stuckPorts)).filter((text) => text.startsWith('Run'))).toEqual([]);
    });

    it('keeps no other subscription silent: from then on changes there are told', async () => {
      const stuckPorts = await stuck();
      stuckPorts.world.now += 24 * 60 * minute;
      await sweep(quiet, stuckPorts);
      expect(await stuckPorts.runs.baselined()).toEqual(new Set([profiles.subscriptionId, '-']));

      await dispatchOutbox(stuckPorts);
      stuckPorts.sent.alerts.length = 0;
      stuckPorts.world.now += minute;
      stuckPorts.world.directory = directoryOf(['profiles', 'homes']);
      await auditAccount(profiles.id, cause, quiet, stuckPorts);
      expect(await alertsAfter(stuckPorts)).toEqual([
        [`${profiles.key}/consent-granted#2`, 'resolved', expect.any(String)],
      ]);
    });
  });

  it('of a run that a later one has overtaken stays as it is', async () => {
    await planAudit('run-1', quiet, ports);
    ports.world.now += minute;
    await planAudit('run-2', quiet, ports);
    for (const shard of [0, 1]) await auditShard('run-2', shard, quiet, ports);
    ports.world.now += 7 * 60 * minute;

    expect((await sweep(quiet, ports)).filter((text) => text.startsWith('Run'))).toEqual([]);
  });
});

describe('A part that fails', () => {
  it('keeps no other from its work, is thrown in the end, and is done by the next sweep', async () => {
    await waive(request(), jo, quiet, ports);
    ports.world.now = now + 60 * day;
    const jobs = {
      ...ports.jobs,
      list: () => {
        throw new Error('The table does not answer');
      },
    };

    await expect(sweep(quiet, { ...ports, jobs })).rejects.toThrow(
      /1 parts of the sweep failed.*The table does not answer/,
    );
    expect(ports.store.all()).toMatchObject([{ state: 'open' }]);
    expect((await ports.sweeps.latest(1))[0]?.repaired).toContain('Waiver w1 expired: 1 findings changed');
    expect(await sweep(quiet, ports)).toEqual([]);
  });
});
