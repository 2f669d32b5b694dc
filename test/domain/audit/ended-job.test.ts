import { expect, it } from 'vitest';
import { AccountOvertaken, auditAccount } from '../../../domain/audit/audit-account.ts';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import { NotVerified } from '../../../domain/audit/reconcile.ts';
import type { Cause } from '../../../domain/findings/finding.ts';
import { collected } from '../../../domain/model/collection.ts';
import { settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const profiles = kerberosAccount('profiles');
const given = settings({ rules: onlyRules('consent-granted'), remediation: { 'grant-consent': 'auto' } });
const minute = 60_000;

async function look(ports: MemoryPorts, over: Partial<Cause> = {}): Promise<void> {
  const cause: Cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null }, ...over };
  await auditAccount(profiles.id, cause, given, ports);
  await dispatchOutbox(ports);
}

/** An account without consent whose job has ended so; its verification never got to see the consents. */
async function ended(
  state: 'done' | 'failed' | 'refused' | 'undone' | 'running',
  seenBy: (ports: MemoryPorts) => Promise<void> = look,
): Promise<MemoryPorts> {
  const ports = memoryPorts([profiles], directoryOf(['profiles'], []));
  await ports.store.runs.markBaselined([profiles.subscriptionId, '-']);
  await seenBy(ports);
  const [stored] = await Array.fromAsync(ports.store.jobs.list('queued'));
  if (stored === undefined) throw new Error('The repair is queued');
  const report = { at: ports.now(), reason: 'x', before: null, after: null, actor: null };
  await ports.store.jobs.move(stored, state, state === 'running' ? null : report);
  return ports;
}

it.each(['done', 'failed', 'refused', 'undone'] as const)(
  'A finding whose job is %s is open again at the next look that would show it, long before the job expires',
  async (state) => {
    const ports = await ended(state);
    ports.world.now += 16 * minute;
    await look(ports);

    expect(ports.store.all()).toMatchObject([{ state: 'open', repair: null }]);
    expect(ports.store.appended().map(({ kind }) => kind)).toEqual(['opened', 'unrepaired']);
    expect(ports.sent.jobs).toHaveLength(1);
  },
);

it('A look that comes before Entra shows what was written everywhere, or while the job is carried out, says nothing of it', async () => {
  for (const [state, after] of [
    ['done', 14 * minute],
    ['running', 60 * minute],
  ] as const) {
    const ports = await ended(state);
    ports.world.now += after;
    await look(ports);

    expect(ports.store.all()).toMatchObject([{ state: 'remediating' }]);
  }
});

/** A shard of a run announces nothing. */
async function night(ports: MemoryPorts): Promise<void> {
  await planAudit('run-1', given, ports);
  await auditShard('run-1', 0, given, ports);
  await dispatchOutbox(ports);
}

async function verification(ports: MemoryPorts): Promise<Partial<Cause>> {
  const [stored] = await Array.fromAsync(ports.store.jobs.list());
  return { kind: 'verification', id: stored?.job.jobId ?? '' };
}

it('A verification that somebody else overtook looks again, since what that one saw tells nothing of the job', async () => {
  const ports = await ended('refused');
  const verify = await verification(ports);
  let left = 1;
  const account: MemoryPorts['facts']['account'] = async (accountId) => {
    const reading = await ports.facts.account(accountId);
    ports.world.now += 1000;
    if ((left -= 1) === 0) await look(ports);
    return reading;
  };
  const overtaken = { ...ports, facts: { ...ports.facts, account } };

  await expect(look(overtaken, verify)).rejects.toBeInstanceOf(AccountOvertaken);
  expect(ports.store.all()).toMatchObject([{ state: 'remediating' }]);
  ports.world.now += 1000;
  await look(ports, verify);
  expect(ports.store.all()).toMatchObject([{ state: 'open', repair: null }]);
});

it('A verification by a clock that is behind the one by which the finding was read looks again later', async () => {
  const ports = await ended('refused', night);
  const verify = await verification(ports);
  ports.world.now -= minute;

  await expect(look(ports, verify)).rejects.toBeInstanceOf(NotVerified);
  expect(ports.store.all()).toMatchObject([{ state: 'remediating' }]);
  ports.world.now += minute;
  await look(ports, verify);
  expect(ports.store.all()).toMatchObject([{ state: 'open', repair: null }]);
});

it('A verification that read a list without some of its rows looks again, and one that may not read it leaves it at that', async () => {
  const outcomes = await Promise.all(
    (['truncated', 'forbidden'] as const).map(async (reason) => {
      const ports = await ended('refused');
      const verify = await verification(ports);
      const gap = { collection: 'oauth2-permission-grants', scope: 'tenant', reason, needs: null } as const;
      ports.world.directory = { ...ports.world.directory, oauth2PermissionGrants: collected([], [gap]) };
      ports.world.now += 1000;
      const [looked] = await Promise.allSettled([look(ports, verify)]);
      expect(ports.store.all()).toMatchObject([{ state: 'remediating' }]);
      return looked.status === 'rejected' && looked.reason instanceof NotVerified;
    }),
  );

  expect(outcomes).toEqual([true, false]);
});
