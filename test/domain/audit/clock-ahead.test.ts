import { beforeEach, describe, expect, it } from 'vitest';
import { accountTags } from '../../../domain/audit/account-tags.ts';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { causeOf } from '../../../domain/audit/cause-of.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import { sweep } from '../../../domain/audit/sweep.ts';
import type { Cause } from '../../../domain/findings/finding.ts';
import { isBelievable } from '../../../domain/model/believable.ts';
import { day, now, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { memoryInbox } from '../memory-inbox.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const hour = 3_600_000;
const years = 20 * 365 * day;
const profiles = kerberosAccount('profiles');
const given = settings({ rules: onlyRules('consent-granted'), remediation: { 'grant-consent': 'off' } });
const cause: Cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } };

let ports: MemoryPorts;

/** An account without consent that an instance read whose clock was years ahead; the clock is right again. */
beforeEach(async () => {
  ports = memoryPorts([profiles], directoryOf(['profiles'], []));
  await ports.store.runs.markBaselined([profiles.subscriptionId, '-']);
  ports.world.now = now + years;
  await auditAccount(profiles.id, cause, given, ports);
  ports.world.now = now;
});

async function night(runId: string): Promise<void> {
  const { shards } = await planAudit(runId, given, ports);
  for (let shard = 0; shard < shards; shard += 1) await auditShard(runId, shard, given, ports);
}

function sweepNow(): Promise<readonly string[]> {
  return sweep(given, { ...ports, accountTags: () => accountTags(ports) });
}

describe('A time more than an hour ahead', () => {
  it('is not believed; one of an hour is, for clocks differ', () => {
    expect([isBelievable(now + hour, now), isBelievable(now + hour + 1, now)]).toEqual([true, false]);
  });
});

describe('After a reading of a clock that was far ahead', () => {
  it('the night judges the account, and keeps its facts and its link', async () => {
    ports.world.directory = directoryOf(['profiles']);
    await night('run-1');

    expect(ports.store.all()).toMatchObject([{ state: 'resolved', factsReadAt: now }]);
    const facts = await ports.watched.of(profiles.subscriptionId, [profiles.key]);
    expect(facts.get(profiles.key)?.facts.readAt).toBe(now);
    expect(await Array.fromAsync(ports.accountLinks.all())).toMatchObject([{ grantIds: ['grant-0'], readAt: now }]);
  });

  it('what has changed is told since the last run, for nobody knows what that reading was of', async () => {
    await night('run-1');
    ports.world.now = now + day;
    ports.world.directory = directoryOf(['profiles']);
    await auditAccount(profiles.id, cause, given, ports);

    expect(ports.drift.told()).toMatchObject([{ since: now, at: now + day }]);
  });

  it('the account is asked for when it is gone', async () => {
    ports.world.unlisted.add(profiles.key);
    ports.sent.work.length = 0;
    await night('run-1');

    expect(ports.sent.work.filter(({ work }) => work.kind === 'account')).toHaveLength(1);
  });

  it('an event names who it claims did it', async () => {
    const actor = { kind: 'user', objectId: 'somebody' } as const;
    const inbox = memoryInbox();
    await inbox.take(profiles.key, { eventId: 'e2', at: now - 1, receivedAt: now, actor });
    const events = { ids: ['e2'], changedAt: now - 1, receivedAt: now, dueAt: now };

    expect(await causeOf({ ...cause, actor, events }, profiles.id, given, { ...ports, inbox })).toMatchObject({
      actor,
    });
  });

  it('the sweep names what bears a time that is yet to come', async () => {
    expect(await sweepNow()).toContainEqual(
      expect.stringMatching(/^Finding profiles\/consent-granted rests on facts read at 2046-.* yet to come/),
    );
  });

  it('a run that it finished keeps the sweep from no other', async () => {
    ports.world.now = now + years;
    await night('ahead');
    ports.world.now = now;
    await planAudit('run-1', given, ports);
    ports.world.now = now + 6 * hour;
    // A store lists runs by their start.
    const runs = { ...ports.runs, latest: async (count: number) => (await ports.runs.latest(count)).toReversed() };
    const said = await sweep(given, { ...ports, runs, accountTags: () => accountTags(ports) });

    expect(said).toContainEqual(expect.stringMatching(/^Run run-1: queued 2 shards again/));
    expect(said).toContainEqual(expect.stringMatching(/^Run ahead began at 2046-/));
  });
});
