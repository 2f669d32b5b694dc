import { describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import type { StoredJob } from '../../../domain/audit/ports.ts';
import type { Finding } from '../../../domain/findings/finding.ts';
import { collected, itemsOf, known } from '../../../domain/model/collection.ts';
import type { ActionMode, Settings } from '../../../domain/model/settings.ts';
import { claimMs } from '../../../domain/remediation/job-progress.ts';
import { UnknownJob } from '../../../domain/remediation/remediate-ports.ts';
import { giveUp, remediate } from '../../../domain/remediation/remediate.ts';
import { day, gap, guid, settings } from '../build.ts';
import { directoryOf, kerberosAccount, principalIdOf, storageAppOf } from '../estate.ts';
import { Crash } from '../faults.ts';
import { memoryPorts, type MemoryPorts, remediator } from '../memory-ports.ts';

const account = kerberosAccount('profiles');
const auto = mode('auto');

function mode(action: ActionMode): Settings {
  return settings({ remediation: { 'grant-consent': action } });
}

/** A job for the missing consent, stored and queued; nothing else is left in the queues. */
async function queued(given: Settings = auto): Promise<{ readonly ports: MemoryPorts; readonly jobId: string }> {
  const ports = memoryPorts([account], directoryOf(['profiles'], []));
  await ports.store.runs.markBaselined([account.subscriptionId]);
  const cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } } as const;
  await auditAccount(account.id, cause, given, ports);
  await dispatchOutbox(ports);
  const [stored] = await Array.fromAsync(ports.store.jobs.list());
  if (stored === undefined) throw new Error('No job was stored');
  return { ports, jobId: stored.job.jobId };
}

async function storedJob(ports: MemoryPorts, jobId: string): Promise<StoredJob | null> {
  return ports.store.jobs.find(jobId);
}

async function change(ports: MemoryPorts, over: Partial<Pick<Finding, 'state' | 'episode'>>): Promise<void> {
  const [stored] = await ports.store.findings.read(account.subscriptionId, [account.key]);
  if (stored === undefined) throw new Error('No finding was stored');
  const finding = { ...stored.finding, ...over };
  await ports.store.findings.commit(account.subscriptionId, [
    { finding, version: stored.version, transition: null, effects: [] },
  ]);
}

describe('Remediating', () => {
  it('refuses a job that was never stored', async () => {
    const { ports } = await queued();

    await expect(remediate('0'.repeat(40), auto, ports)).rejects.toThrow(UnknownJob);
    expect(ports.world.executed).toEqual([]);
  });

  it('grants once, records before, after and who did it, tells the result and queues the audit that verifies', async () => {
    const { ports, jobId } = await queued();

    expect(await remediate(jobId, auto, ports)).toEqual({ state: 'done', reason: null });

    expect(ports.world.executed.map(({ body }) => body['clientId'])).toEqual([principalIdOf(0)]);
    expect(await storedJob(ports, jobId)).toMatchObject({
      state: 'done',
      report: { before: { value: [] }, after: { value: [{ id: `made-${principalIdOf(0)}` }] }, actor: remediator },
    });
    expect(ports.sent.results).toEqual([{ jobId, outcome: 'done', reason: null }]);
    expect(ports.sent.work).toMatchObject([
      {
        work: {
          kind: 'account',
          accountId: account.id,
          cause: { kind: 'verification', id: jobId, actor: { kind: 'application', objectId: remediator } },
        },
        notBefore: ports.world.now + 60_000,
      },
    ]);
  });

  it('finds a settled job settled, does nothing again, and tells the same message ids', async () => {
    const { ports, jobId } = await queued();
    await remediate(jobId, auto, ports);

    expect(await remediate(jobId, auto, ports)).toMatchObject({ state: 'already-settled' });
    expect(ports.world.executed).toHaveLength(1);
    expect(new Set(ports.sent.work.map(({ messageId }) => messageId)).size).toBe(1);
    expect(ports.sent.results.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
  });

  it('waits for a person when its own settings want an approval that the auditor did not ask for', async () => {
    const { ports, jobId } = await queued();

    expect(await remediate(jobId, mode('approve'), ports)).toMatchObject({ state: 'awaiting-approval' });
    expect(ports.world.executed).toEqual([]);
    expect(await storedJob(ports, jobId)).toMatchObject({
      state: 'awaiting-approval',
      job: { approvalRequired: true },
    });
  });

  it('refuses when its own settings switch the action off', async () => {
    const { ports, jobId } = await queued();

    expect(await remediate(jobId, mode('off'), ports)).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/switched off/) as unknown,
    });
    expect(ports.world.executed).toEqual([]);
    expect(await storedJob(ports, jobId)).toMatchObject({ state: 'refused' });
    expect(ports.sent.results.map(({ outcome }) => outcome)).toEqual(['refused']);
    // What the audit after it finds, this app did not do.
    expect(ports.sent.work).toMatchObject([{ work: { cause: { actor: { kind: 'unknown', objectId: null } } } }]);
  });

  it.each<[string, Settings]>([
    ['that its own settings only want told', mode('dry-run')],
    ['that its own settings do not name', settings()],
  ])('does not carry out an action %s, whatever the job says', async (_, own) => {
    const { ports, jobId } = await queued();

    expect(await remediate(jobId, own, ports)).toMatchObject({
      state: 'dry-run',
      reason: 'Would do: POST /v1.0/oauth2PermissionGrants',
    });
    expect([ports.world.executed, ports.sent.work]).toEqual([[], []]);
  });

  it('leaves a job alone whose state a newer version wrote, and tells no result that is none', async () => {
    const { ports, jobId } = await queued();
    const stored = await storedJob(ports, jobId);
    if (stored !== null) await ports.store.jobs.move(stored, 'paused' as never, null);

    expect(await remediate(jobId, auto, ports)).toMatchObject({ state: 'already-settled' });
    expect([ports.world.executed, ports.sent.results, ports.sent.work]).toEqual([[], [], []]);
  });

  it('does not carry out a job that was planned as a dry run, whatever its settings say now', async () => {
    const { ports, jobId } = await queued(settings());

    expect(await remediate(jobId, auto, ports)).toMatchObject({ state: 'dry-run' });
    expect(ports.world.executed).toEqual([]);
  });

  it('leaves a job alone that waits for an approval, and says so', async () => {
    const { ports, jobId } = await queued(mode('approve'));

    expect(ports.sent.jobs).toEqual([]);
    expect(await remediate(jobId, auto, ports)).toMatchObject({ state: 'already-settled' });
    expect(await storedJob(ports, jobId)).toMatchObject({ state: 'awaiting-approval' });
    expect([ports.world.executed, ports.sent.results]).toEqual([[], []]);
  });

  it('refuses a job from the moment at which it expires', async () => {
    const { ports, jobId } = await queued();
    ports.world.now += day;

    expect(await remediate(jobId, auto, ports)).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/expired/) as unknown,
    });
    expect(ports.world.executed).toEqual([]);
  });

  it('takes a job until then', async () => {
    const { ports, jobId } = await queued();
    ports.world.now += day - 1;

    expect(await remediate(jobId, auto, ports)).toMatchObject({ state: 'done' });
  });

  const other = storageAppOf('profiles', 7);
  it.each<[string, (ports: MemoryPorts) => void]>([
    ['somebody consented', ({ world }) => (world.directory = directoryOf(['profiles']))],
    [
      'the account is gone',
      ({ world }) => {
        world.readings.clear();
      },
    ],
    [
      'the app was made anew',
      ({ world }) => {
        const [, ...rest] = itemsOf(world.directory.servicePrincipals).toReversed();
        const servicePrincipals = known([...rest, other.principal]);
        world.directory = { ...world.directory, applications: known([other.application]), servicePrincipals };
      },
    ],
    [
      'another app claims the account too',
      ({ world }) => {
        const servicePrincipals = known([...itemsOf(world.directory.servicePrincipals), other.principal]);
        world.directory = { ...world.directory, servicePrincipals };
      },
    ],
    [
      'the grants cannot be read whole',
      ({ world }) => {
        const oauth2PermissionGrants = collected([], [gap('oauth2-permission-grants')]);
        world.directory = { ...world.directory, oauth2PermissionGrants };
      },
    ],
  ])('refuses, and queues an audit and a new plan, when %s meanwhile', async (_, change) => {
    const { ports, jobId } = await queued();
    change(ports);

    expect(await remediate(jobId, auto, ports)).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/facts have changed/) as unknown,
    });
    expect(ports.world.executed).toEqual([]);
    expect(ports.sent.work.map(({ work }) => work)).toMatchObject([
      { kind: 'account', accountId: account.id },
      { kind: 'plan-repair', repair: { of: 'account', accountId: account.key, rule: 'consent-granted' } },
    ]);
  });

  it.each(['waived', 'resolved', 'gone', 'quarantined'])(
    'refuses a job whose finding is %s by now, wherever the job was waiting',
    async (state) => {
      const { ports, jobId } = await queued();
      await change(ports, { state: state as never });

      expect(await remediate(jobId, auto, ports)).toMatchObject({
        state: 'refused',
        reason: `The finding profiles/consent-granted is ${state}`,
      });
      expect(ports.world.executed).toEqual([]);
      expect(await storedJob(ports, jobId)).toMatchObject({ state: 'refused' });
    },
  );

  it('refuses a job of an episode that is over', async () => {
    const { ports, jobId } = await queued();
    await change(ports, { episode: 2 });

    expect(await remediate(jobId, auto, ports)).toMatchObject({ state: 'refused' });
    expect(ports.world.executed).toEqual([]);
  });

  it('refuses a job whose finding is not stored', async () => {
    const { ports, jobId } = await queued();
    const findings = { read: () => Promise.resolve([]) };

    expect(await remediate(jobId, auto, { ...ports, findings })).toMatchObject({ state: 'refused' });
    expect(ports.world.executed).toEqual([]);
  });

  it('carries out a job whose fault a person has acknowledged', async () => {
    const { ports, jobId } = await queued();
    await change(ports, { state: 'acknowledged' });

    expect(await remediate(jobId, auto, ports)).toMatchObject({ state: 'done' });
  });

  it('waits while the account cannot be read', async () => {
    const { ports, jobId } = await queued();
    const unread = { collection: 'storage-accounts', scope: account.key, reason: 'throttled', needs: null } as const;
    ports.world.readings.set(account.key, { state: 'unreadable', gap: unread });

    expect(await remediate(jobId, auto, ports)).toMatchObject({ state: 'put-off' });
    expect(await storedJob(ports, jobId)).toMatchObject({ state: 'queued' });
    expect(ports.sent.again).toEqual([{ jobId, at: ports.world.now + 30_000 }]);
  });

  it('refuses when the precondition does not hold, and keeps what it found', async () => {
    const { ports, jobId } = await queued();
    const found = { value: [{ id: 'grant-of-somebody' }] };
    const executor = { ...ports.executor, read: () => Promise.resolve(found) };

    expect(await remediate(jobId, auto, { ...ports, executor })).toMatchObject({ state: 'refused' });
    expect(ports.world.executed).toEqual([]);
    expect(await storedJob(ports, jobId)).toMatchObject({ state: 'refused', report: { before: found, after: null } });
  });

  it('finds done what it had done when it crashed', async () => {
    const { ports, jobId } = await queued();
    const execute: typeof ports.executor.execute = async (call) => {
      await ports.executor.execute(call);
      throw new Crash('right after the write');
    };
    await expect(remediate(jobId, auto, { ...ports, executor: { ...ports.executor, execute } })).rejects.toThrow(Crash);
    expect(await storedJob(ports, jobId)).toMatchObject({ state: 'running' });

    expect(await remediate(jobId, auto, ports)).toMatchObject({ state: 'done' });
    expect(ports.world.executed).toHaveLength(1);
    expect(ports.sent.work).toHaveLength(1);
  });

  it('does not call done what it had only begun when the facts can no longer be read', async () => {
    const { ports, jobId } = await queued();
    const execute = (): Promise<never> => Promise.reject(new Crash('right before the write'));
    await expect(remediate(jobId, auto, { ...ports, executor: { ...ports.executor, execute } })).rejects.toThrow(Crash);
    ports.world.now += claimMs;
    const oauth2PermissionGrants = collected([], [gap('oauth2-permission-grants')]);
    ports.world.directory = { ...ports.world.directory, oauth2PermissionGrants };

    expect(await remediate(jobId, auto, ports)).toMatchObject({ state: 'refused' });
    expect(ports.world.executed).toEqual([]);
  });

  it('lets one of two consumers take a job; the other leaves it', async () => {
    const { ports, jobId } = await queued();

    const both = await Promise.all([remediate(jobId, auto, ports), remediate(jobId, auto, ports)]);

    expect(both.map(({ state }) => state).toSorted()).toEqual(['claimed-elsewhere', 'done']);
    expect(ports.world.executed).toHaveLength(1);
    expect(ports.sent.results).toHaveLength(1);
  });
});

describe('Giving a job up', () => {
  it('fails it, tells why, and has its account audited', async () => {
    const { ports, jobId } = await queued();

    await giveUp(jobId, 'Crashed five times', auto, ports);

    expect(await storedJob(ports, jobId)).toMatchObject({ state: 'failed', report: { reason: 'Crashed five times' } });
    expect(ports.sent.results).toMatchObject([{ jobId, outcome: 'failed' }]);
    expect(ports.sent.work).toHaveLength(1);
  });

  it('leaves a settled job as it is, and one that was never stored', async () => {
    const { ports, jobId } = await queued();
    await remediate(jobId, auto, ports);

    await giveUp(jobId, 'Late', auto, ports);
    await giveUp(guid(1), 'Unknown', auto, ports);

    expect(await storedJob(ports, jobId)).toMatchObject({ state: 'done' });
    expect(ports.sent.results).toHaveLength(1);
  });
});
