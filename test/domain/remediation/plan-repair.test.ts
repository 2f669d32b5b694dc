import { describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import { putOff } from '../../../domain/audit/put-off.ts';
import type { AuditWork } from '../../../domain/audit/work.ts';
import { collected, known } from '../../../domain/model/collection.ts';
import type { ConditionalAccessPolicy } from '../../../domain/model/conditional-access-policy.ts';
import type { Settings } from '../../../domain/model/settings.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import type { RemediationJob } from '../../../domain/remediation/job.ts';
import { PlanUnreadable } from '../../../domain/remediation/plan-of-repair.ts';
import type { RepairPlanned } from '../../../domain/remediation/keep-planned.ts';
import { FindingsStillComing, planRepair } from '../../../domain/remediation/plan-repair.ts';
import { taskOf } from '../../../domain/remediation/repair-task.ts';
import { youngerJob } from '../../../domain/remediation/younger-job.ts';
import { applications, day, gap, guid, policy, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { Crash } from '../faults.ts';
import { distinct, memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const approved = settings({
  rules: onlyRules('mfa-excluded', 'conditional-access-not-blocking'),
  remediation: { 'exclude-app-from-policy': 'approve' },
});
const policyId = guid(0x100);
const repair = { of: 'policy', policyId } as const;

/** "Require MFA for all users" as the service sent it. */
function mfaPolicy(
  exclude: readonly string[] = [],
  over: Partial<ConditionalAccessPolicy> = {},
): ConditionalAccessPolicy {
  return policy({
    applications: applications({ include: ['All'], exclude }),
    asRead: {
      applications: { includeApplications: ['All'], excludeApplications: exclude },
      modifiedDateTime: '2026-03-04T05:06:07Z',
    },
    ...over,
  });
}

function accountsOf(count: number, subscriptions = 1): readonly StorageAccount[] {
  return Array.from({ length: count }, (_, at) =>
    kerberosAccount(`files${String(at).padStart(4, '0')}`, 2 + (at % subscriptions)),
  );
}

/** Accounts that were well until somebody switched the policy on. */
async function estate(accounts: readonly StorageAccount[], own = mfaPolicy()): Promise<MemoryPorts> {
  const ports = memoryPorts(accounts, directoryOf(accounts.map(({ name }) => name)));
  await ports.store.runs.markBaselined([...new Set(accounts.map(({ subscriptionId }) => subscriptionId)), '-']);
  setPolicies(ports, own);
  return ports;
}

function setPolicies(ports: MemoryPorts, ...policies: readonly ConditionalAccessPolicy[]): void {
  ports.world.directory = { ...ports.world.directory, conditionalAccessPolicies: known(policies) };
}

/** All that is queued, until nothing more comes of it. What cannot be done yet is put off, as the function does. */
async function workOff(ports: MemoryPorts, given: Settings, until = Infinity): Promise<readonly RepairPlanned[]> {
  const planned: RepairPlanned[] = [];
  const done = new Set<string>();
  for (;;) {
    const next = ports.sent.work.find(({ messageId, notBefore }) => !done.has(messageId) && (notBefore ?? 0) < until);
    if (next === undefined) return planned;
    done.add(next.messageId);
    ports.world.now = Math.max(ports.world.now + 100, next.notBefore ?? 0);
    await survived(() => one(next.work));
    await survived(() => dispatchOutbox(ports));
  }

  async function one(work: AuditWork): Promise<void> {
    try {
      if (work.kind === 'shard') await auditShard(work.runId, work.shard, given, ports);
      else if (work.kind === 'account') await auditAccount(work.accountId, work.cause, given, ports);
      else if (work.kind === 'plan-repair') planned.push(await planRepair(work, given, ports));
    } catch (error) {
      if (!(error instanceof FindingsStillComing) && !(error instanceof PlanUnreadable)) throw error;
      await putOff(work, ports);
    }
  }
}

/** A crash is followed by a redelivery. */
async function survived(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const crashed =
      error instanceof Crash || (error instanceof AggregateError && error.errors.every((one) => one instanceof Crash));
    if (!crashed) throw error;
    await work();
  }
}

async function night(ports: MemoryPorts, given = approved): Promise<readonly RepairPlanned[]> {
  await survived(() => planAudit('run-1', given, ports));
  return workOff(ports, given, ports.world.now + day);
}

async function jobsOf(ports: MemoryPorts): Promise<readonly RemediationJob[]> {
  return (await Array.fromAsync(ports.store.jobs.list())).map(({ job }) => job);
}

async function onlyJob(ports: MemoryPorts): Promise<RemediationJob> {
  const [job, other] = await jobsOf(ports);
  if (job === undefined || other !== undefined) throw new Error('There is not one job');
  return job;
}

function whyOf(planned: RepairPlanned | undefined): string {
  return planned?.outcome === 'none' ? planned.why : `planned: ${String(planned?.outcome)}`;
}

describe('A policy that breaks many accounts', () => {
  it('leads to one job, although its accounts are in several subscriptions', async () => {
    const accounts = accountsOf(200, 3);
    const ports = await estate(accounts);
    await night(ports);
    const job = await onlyJob(ports);

    expect(job.findings).toHaveLength(200);
    expect(job.accounts.map(({ id }) => id).sort()).toEqual(accounts.map(({ id }) => id).sort());
    expect(job.findings.map(({ id }) => id)).toEqual(accounts.map(({ name }) => `${name}/mfa-excluded`).sort());
    expect(job).toMatchObject({
      rule: 'mfa-excluded',
      approvalRequired: true,
      plan: { action: 'exclude-app-from-policy', target: { id: policyId }, calls: [{ method: 'PATCH' }] },
    });
    expect(ports.store.all().every(({ state }) => state === 'open')).toBe(true);
  });

  it('leads to one job when events bring its accounts one after another', async () => {
    const ports = await estate(accountsOf(30));
    for (const account of accountsOf(30)) {
      ports.world.now += 5_000;
      const cause = { kind: 'event', id: account.name, actor: { kind: 'unknown', objectId: null } } as const;
      await auditAccount(account.id, cause, approved, ports);
      await dispatchOutbox(ports);
    }
    await workOff(ports, approved, ports.world.now + day);

    expect((await onlyJob(ports)).findings).toHaveLength(30);
  });

  it('has no job planned by the first audit, which is the baseline', async () => {
    const accounts = accountsOf(2);
    const ports = memoryPorts(accounts, directoryOf(accounts.map(({ name }) => name)));
    setPolicies(ports, mfaPolicy());
    await night(ports);

    expect(ports.store.all()).toHaveLength(2);
    expect(await jobsOf(ports)).toEqual([]);
    expect(ports.sent.work.filter(({ work }) => work.kind === 'plan-repair')).toEqual([]);
  });

  it('has none where settings switch the action off, and a dry run where they say nothing', async () => {
    const off = await estate(accountsOf(2));
    await night(off, { ...approved, remediation: { 'exclude-app-from-policy': 'off' } });
    const silent = await estate(accountsOf(2));
    await night(silent, { ...approved, remediation: {} });

    expect(off.sent.work.filter(({ work }) => work.kind === 'plan-repair')).toEqual([]);
    expect(await onlyJob(silent)).toMatchObject({ dryRun: true, approvalRequired: false });
    expect(silent.sent.jobs).toHaveLength(1);
  });
});

describe('Planning', () => {
  const later = async (ports: MemoryPorts, given = approved): Promise<RepairPlanned> => {
    ports.world.now += day;
    return planRepair({ repair, correlationId: 'event-9' }, given, ports);
  };

  /** The findings are there, and nothing is planned yet. */
  async function found(count: number): Promise<MemoryPorts> {
    const ports = await estate(accountsOf(count));
    await planAudit('run-1', approved, ports);
    for (const { work } of [...ports.sent.work]) {
      if (work.kind === 'shard') await auditShard(work.runId, work.shard, approved, ports);
    }
    return ports;
  }

  it('waits for the run that found it to be finished, but not for one that never ends', async () => {
    const ports = await estate(accountsOf(2, 2));
    await planAudit('run-1', approved, ports);
    const shard = ports.sent.work.find(({ work }) => work.kind === 'shard')?.work;
    if (shard?.kind !== 'shard') throw new Error('The run has no shard');
    await auditShard(shard.runId, shard.shard, approved, ports);
    const request = { repair, correlationId: 'run-1' };
    ports.world.now += 3_600_000;
    await expect(planRepair(request, approved, ports)).rejects.toBeInstanceOf(FindingsStillComing);

    ports.world.now += 3_600_000;
    expect(await planRepair(request, approved, ports)).toMatchObject({ outcome: 'job' });
  });

  it('waits while findings are still coming, but not for ever', async () => {
    const ports = await found(1);
    const request = { repair, correlationId: 'event-9' };
    ports.world.now += 59_000;
    await expect(planRepair(request, approved, ports)).rejects.toBeInstanceOf(FindingsStillComing);
    expect(await planRepair({ ...request, putOff: 8 }, approved, ports)).toMatchObject({ outcome: 'job' });

    ports.world.now += 1_000;
    expect(await planRepair(request, approved, ports)).toMatchObject({ outcome: 'job' });
  });

  it('that is done twice before anything is sent loses nothing of either, and makes one job', async () => {
    const ports = await found(1);
    await later(ports);
    await later(ports);
    await dispatchOutbox(ports);

    const job = await onlyJob(ports);
    const anew = ports.sent.work.filter(({ work }) => work.kind === 'plan-repair' && work.correlationId === job.jobId);
    expect(anew.map(({ notBefore }) => notBefore)).toEqual([job.expiresAt, job.expiresAt + day]);
  });

  describe('that finds nothing to do although a finding is open', () => {
    const sixHours = 6 * 3_600_000;
    const planning = (ports: MemoryPorts) => ports.sent.work.filter(({ work }) => work.kind === 'plan-repair');
    const next = async (ports: MemoryPorts): Promise<readonly (number | null)[]> => {
      ports.sent.work.length = 0;
      await dispatchOutbox(ports);
      return planning(ports).map(({ notBefore }) => notBefore);
    };

    it('is done again every six hours, and plans what breaks anew', async () => {
      const ports = await found(1);
      await dispatchOutbox(ports);
      setPolicies(ports, mfaPolicy([], { state: 'disabled' }));
      expect(whyOf(await later(ports))).not.toContain('planned');
      const [first = null] = await next(ports);
      expect(first).toBeGreaterThan(ports.world.now);
      expect(first).toBeLessThanOrEqual(ports.world.now + sixHours);

      ports.world.now = first ?? NaN;
      expect(await planRepair({ repair, correlationId: 'event-9' }, approved, ports)).toMatchObject({
        outcome: 'none',
      });
      expect(await next(ports)).toEqual([(first ?? NaN) + sixHours]);

      ports.world.now += sixHours;
      setPolicies(ports, mfaPolicy());
      expect(await planRepair({ repair, correlationId: 'event-9' }, approved, ports)).toMatchObject({ outcome: 'job' });
    });

    it('is asked for once at a time, however often it is planned, and no more when nothing is open', async () => {
      const ports = await found(1);
      await dispatchOutbox(ports);
      setPolicies(ports, mfaPolicy([], { state: 'disabled' }));
      await later(ports);
      const [{ messageId: first } = { messageId: '' }] = await next(ports).then(() => planning(ports));
      await planRepair({ repair, correlationId: 'event-10' }, approved, ports);
      await next(ports);
      expect(planning(ports).map(({ messageId }) => messageId)).toEqual([first]);

      for (const { account } of ports.store.all())
        await auditAccount(
          account?.id ?? '',
          { kind: 'event', id: 'e', actor: { kind: 'unknown', objectId: null } },
          approved,
          ports,
        );
      await dispatchOutbox(ports);
      expect(whyOf(await later(ports))).toBe('No open finding calls for it any more');
      expect(await next(ports)).toEqual([]);
    });
  });

  it('leaves an account out that was mended meanwhile', async () => {
    const ports = await found(3);
    setPolicies(ports, mfaPolicy([guid(0x2001)]));
    await later(ports);
    await dispatchOutbox(ports);

    expect((await onlyJob(ports)).findings.map(({ id }) => id)).toEqual([
      'files0000/mfa-excluded',
      'files0002/mfa-excluded',
    ]);
  });

  it('makes no job where the policy was mended meanwhile, or is gone, and says why', async () => {
    const mended = await found(2);
    setPolicies(mended, mfaPolicy([guid(0x2000), guid(0x2001)]));
    const gone = await found(2);
    setPolicies(gone);

    expect(whyOf(await later(mended))).toContain('does not provably keep users of the account from mounting');
    expect(whyOf(await later(gone))).toContain('The policy was not seen');
  });

  it.each(['waived', 'resolved', 'gone', 'remediating'] as const)(
    'leaves a finding alone that is %s',
    async (state) => {
      const ports = await found(1);
      const [stored] = await ports.store.findings.find('files0000/mfa-excluded');
      if (stored === undefined) throw new Error('Nothing was found');
      const { version } = stored;
      await ports.store.findings.commit(guid(2), [
        { finding: { ...stored.finding, state }, version, transition: null, effects: [] },
      ]);

      expect(whyOf(await later(ports))).toBe('No open finding calls for it any more');
    },
  );

  it.each(['conditionalAccessPolicies', 'applications', 'servicePrincipals'] as const)(
    'makes no job where %s were not read whole, and says so',
    async (list) => {
      const ports = await found(1);
      const lost = { state: 'partial', items: [], gaps: [gap('applications')] } as const;
      ports.world.directory = { ...ports.world.directory, [list]: lost };

      expect(whyOf(await later(ports))).toMatch(/not read whole/);
    },
  );

  it('is put off while a list is throttled, which is no reason to plan nothing', async () => {
    const ports = await found(1);
    const throttled = { ...gap('applications'), reason: 'throttled' } as const;
    ports.world.directory = { ...ports.world.directory, applications: collected([], [throttled]) };

    await expect(later(ports)).rejects.toBeInstanceOf(PlanUnreadable);
  });

  it('leaves an account out of the job that settings put out of scope', async () => {
    const ports = await found(2);
    const exclude = [{ name: 'files0001' }];
    await later(ports, { ...approved, scope: { ...approved.scope, exclude } });
    await dispatchOutbox(ports);

    expect((await onlyJob(ports)).accounts.map(({ name }) => name)).toEqual(['files0000']);
  });

  it('makes the same job once, and a younger one in its place when the policy has changed since', async () => {
    const ports = await found(2);
    await later(ports);
    await dispatchOutbox(ports);
    const first = await onlyJob(ports);
    expect(whyOf(await planRepair({ repair, correlationId: 'event-10' }, approved, ports))).toContain(
      'is there already',
    );

    setPolicies(ports, mfaPolicy([], { displayName: 'Require MFA for everybody' }));
    await planRepair({ repair, correlationId: 'event-11' }, approved, ports);
    await dispatchOutbox(ports);
    const [, second] = await jobsOf(ports);

    expect(second).toMatchObject({ attempt: 2, plan: { target: { name: 'Require MFA for everybody' } } });
    expect((await youngerJob(first, ports.store.jobs))?.jobId).toBe(second?.jobId);
    expect(second === undefined ? undefined : await youngerJob(second, ports.store.jobs)).toBeNull();
  });

  it('is done anew when nobody approved the job in its time, and not after a person turned the same plan down', async () => {
    const ports = await found(1);
    await later(ports);
    await dispatchOutbox(ports);
    const job = await onlyJob(ports);
    const anew = ports.sent.work.find(({ notBefore }) => notBefore === job.expiresAt);
    expect(anew?.work).toEqual({ kind: 'plan-repair', repair, correlationId: job.jobId });
    expect(job.expiresAt - job.createdAt).toBe(7 * day);

    ports.world.now = job.expiresAt;
    expect(await planRepair({ repair, correlationId: job.jobId }, approved, ports)).toMatchObject({
      job: { attempt: 2 },
    });

    const stored = await ports.store.jobs.find(job.jobId);
    if (stored === null) throw new Error('The job is gone');
    const report = {
      at: job.createdAt + 1,
      reason: 'A person rejected the plan',
      before: null,
      after: null,
      actor: null,
    };
    await ports.store.jobs.move(stored, 'refused', report);
    expect(whyOf(await planRepair({ repair, correlationId: 'event-12' }, approved, ports))).toContain('was refused');
  });

  it('gives a task to a person where Microsoft manages the policy, and every finding shows it', async () => {
    const ports = await found(2);
    setPolicies(ports, mfaPolicy([], { displayName: 'Microsoft-managed: Require MFA', templateId: guid(0x77) }));
    expect(await later(ports)).toMatchObject({ outcome: 'task', task: { task: { runbook: 'policy-by-hand' } } });
    await dispatchOutbox(ports);
    expect(whyOf(await later(ports))).toBe('The task for a person is there already');

    for (const finding of ports.store.all()) {
      expect((await taskOf(finding, ports.store.tasks))?.task.runbook).toBe('policy-by-hand');
      expect(await taskOf({ ...finding, episode: 2 }, ports.store.tasks)).toBeNull();
    }
    expect(await jobsOf(ports)).toEqual([]);
  });

  it('takes as many accounts as one job holds, and plans for the rest when that is over', async () => {
    const ports = await found(2400);
    await later(ports);
    await dispatchOutbox(ports);
    const job = await onlyJob(ports);

    expect(job.accounts.length).toBeGreaterThanOrEqual(1000);
    expect(job.accounts.length).toBeLessThan(2400);
    expect(JSON.stringify(job).length * 2).toBeLessThan(1024 * 1024);
  });
});

describe('A crash while a policy is planned for', () => {
  const effectOf = async (ports: MemoryPorts): Promise<unknown> => ({
    ...distinct(ports.sent),
    work: new Set(ports.sent.work.map(({ work }) => JSON.stringify({ ...work, putOff: 0 }))).size,
    stored: (await jobsOf(ports)).map(({ jobId, findings }) => `${jobId} ${String(findings.length)}`),
    unsent: ports.store.unsent(),
  });
  const run = async (at: number | null, when: 'before' | 'after'): Promise<MemoryPorts> => {
    const ports = await estate(accountsOf(2, 2));
    if (at !== null) ports.faults.arm(at, when);
    await night(ports);
    return ports;
  };

  it('has the effect of none, wherever it falls', async () => {
    const whole = await run(null, 'before');
    const expected = await effectOf(whole);
    const calls = whole.faults.calls();
    expect((await onlyJob(whole)).findings).toHaveLength(2);
    expect(calls).toBeGreaterThan(50);
    for (let at = 0; at < calls; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const ports = await run(at, when);
        const found = {
          jobs: (await jobsOf(ports)).map(({ findings }) => findings.length),
          unsent: ports.store.unsent(),
        };
        expect(found, `${when} call ${String(at)}`).toEqual({ jobs: [2], unsent: [] });
      }
    }
    expect(expected).toMatchObject({ unsent: [] });
  });
});
