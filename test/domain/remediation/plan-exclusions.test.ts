import { describe, expect, it } from 'vitest';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import { verifyTenantRule } from '../../../domain/audit/verify-tenant-rule.ts';
import { known } from '../../../domain/model/collection.ts';
import type { RepairPlanned } from '../../../domain/remediation/keep-planned.ts';
import { planRepair } from '../../../domain/remediation/plan-repair.ts';
import { taskOf } from '../../../domain/remediation/repair-task.ts';
import { applications, day, guid, policy, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const given = settings({
  rules: onlyRules('mfa-exclusion-not-orphaned'),
  remediation: { 'remove-orphaned-exclusion': 'auto', 'replace-dangling-exclusion': 'approve' },
});
const policyId = guid(0x100);
const [left, other, former] = [guid(0x51), guid(0x52), guid(0x53)];
const alpha = kerberosAccount('alpha');
const rule = 'mfa-exclusion-not-orphaned';
const unknownActor = { kind: 'unknown', objectId: null } as const;

/** A policy that asks for MFA of everything, or of one app that no account has, but for some apps. */
function setPolicy(ports: MemoryPorts, exclude: readonly string[], include: string = guid(0x99)): void {
  const own = policy({
    applications: applications({ include: [include], exclude }),
    asRead: { applications: { includeApplications: [include], excludeApplications: exclude }, modifiedDateTime: null },
  });
  ports.world.directory = { ...ports.world.directory, conditionalAccessPolicies: known([own]) };
}

/** The night in which the exclusions are found to be left over. */
async function night(exclude: readonly string[], include?: string): Promise<MemoryPorts> {
  const ports = memoryPorts([alpha], directoryOf(['alpha']));
  await ports.store.runs.markBaselined([alpha.subscriptionId, '-']);
  setPolicy(ports, exclude, include);
  await planAudit('run-1', given, ports);
  for (const { work } of [...ports.sent.work]) {
    if (work.kind === 'shard') await auditShard(work.runId, work.shard, given, ports);
  }
  await dispatchOutbox(ports);
  return ports;
}

/** What comes of the messages that ask for a plan, each once. */
async function plan(ports: MemoryPorts): Promise<readonly RepairPlanned[]> {
  ports.world.now += day;
  const asked = new Map(ports.sent.work.map((sent) => [sent.messageId, sent.work]));
  const planned: RepairPlanned[] = [];
  for (const work of asked.values()) {
    if (work.kind === 'plan-repair') planned.push(await planRepair(work, given, ports));
  }
  await dispatchOutbox(ports);
  return planned;
}

async function changed(ports: MemoryPorts): Promise<void> {
  const properties = [{ property: 'apps', before: [former], after: [guid(0x2000)] }];
  const cause = { kind: 'nightly', id: 'run-0', actor: unknownActor } as const;
  const attribution = { actor: null, confidence: 'unknown', reason: 'not-asked', records: [] } as never;
  await ports.drift.changes.append({
    ...{ id: 'change-1', key: alpha.key, part: 'directory', at: 1, since: 0, properties, cause, attribution },
    objectIds: [],
  });
}

describe('Exclusions that are left over', () => {
  it('lead to one job for the policy, however many there are', async () => {
    const ports = await night([left, other]);
    const planned = await plan(ports);
    const [job] = ports.sent.jobs;

    expect(planned).toMatchObject([{ outcome: 'job' }]);
    expect(job).toMatchObject({
      rule,
      accounts: [],
      approvalRequired: false,
      dryRun: false,
      plan: { action: 'remove-orphaned-exclusion', target: { id: policyId } },
      findings: [{ id: `-/${rule}/${policyId}:${left}` }, { id: `-/${rule}/${policyId}:${other}` }],
    });
    expect(job?.plan.calls[0]?.after).toEqual({ excludeApplications: [] });
  });

  it('are replaced where history tells whose app it was, and a person approves it', async () => {
    const ports = await night([former], 'All');
    await changed(ports);

    expect(await plan(ports)).toMatchObject([
      {
        job: { approvalRequired: true, plan: { action: 'replace-dangling-exclusion' }, accounts: [{ name: 'alpha' }] },
      },
    ]);
  });

  it('stay where the app can be restored, and a person is told', async () => {
    const ports = await night([left]);
    ports.world.restorable = new Set([left]);
    expect(await plan(ports)).toMatchObject([{ outcome: 'task', task: { task: { runbook: 'dangling-exclusion' } } }]);

    const [finding] = ports.store.all();
    if (finding === undefined) throw new Error('Nothing was found');
    expect((await taskOf(finding, ports.store.tasks))?.task.why).toContain('restored');
  });

  it('lead to a task each where they need a person, and a job for the others', async () => {
    const ports = await night([left, other]);
    ports.world.restorable = new Set([left]);

    expect(await plan(ports)).toMatchObject([{ job: { findings: [{ id: `-/${rule}/${policyId}:${other}` }] } }]);
    const tasks = await Array.fromAsync(ports.store.tasks.list());
    expect(tasks.flatMap(({ findings }) => findings.map(({ id }) => id))).toEqual([`-/${rule}/${policyId}:${left}`]);
  });

  it('lead to a task of its own for each where all need a person', async () => {
    const ports = await night([left, other]);
    ports.world.restorable = new Set([left, other]);
    await plan(ports);
    const tasks = await Array.fromAsync(ports.store.tasks.list());

    expect(tasks.map(({ findings }) => findings.map(({ id }) => id)).sort()).toEqual([
      [`-/${rule}/${policyId}:${left}`],
      [`-/${rule}/${policyId}:${other}`],
    ]);
  });

  it('stay where deleted apps, or the accounts, were not read, and no task is made of it', async () => {
    const unread = await night([left]);
    unread.world.restorable = null;
    const hidden = await night([left]);
    hidden.world.accountGaps = [{ collection: 'storage-accounts', scope: 'tenant', reason: 'forbidden', needs: null }];

    expect(await plan(unread)).toMatchObject([{ outcome: 'none', why: expect.stringMatching(/not read/) as string }]);
    expect(await plan(hidden)).toMatchObject([
      { outcome: 'none', why: expect.stringMatching(/not read whole/) as string },
    ]);
  });

  it('are verified between the nights: what is off the policy is resolved, what is not stays', async () => {
    const ports = await night([left, other]);
    setPolicy(ports, [other]);
    ports.world.now += day;
    const cause = { kind: 'verification', id: 'job-1', actor: unknownActor } as const;
    await verifyTenantRule(rule, cause, given, ports);

    expect(ports.store.all().map(({ subject, state }) => [subject, state])).toEqual([
      [`${policyId}:${left}`, 'resolved'],
      [`${policyId}:${other}`, 'open'],
    ]);
  });

  it('are planned for once more when a job that took them off is undone', async () => {
    const ports = await night([left]);
    await plan(ports);
    const verify = async (id: string) => {
      ports.world.now += day;
      await verifyTenantRule(rule, { kind: 'verification', id, actor: unknownActor }, given, ports);
      await dispatchOutbox(ports);
    };
    setPolicy(ports, []);
    await verify('job-1');
    ports.sent.work.length = 0;

    setPolicy(ports, [left]);
    await verify('undo-1');

    expect(ports.store.all()).toMatchObject([{ state: 'open', episode: 2 }]);
    expect(await plan(ports)).toMatchObject([
      { outcome: 'job', job: { findings: [{ id: `-/${rule}/${policyId}:${left}`, episode: 2 }] } },
    ]);
  });

  it('are not verified on what was not read', async () => {
    const ports = await night([left]);
    setPolicy(ports, []);
    const gaps = [
      { collection: 'conditional-access-policies', scope: 'tenant', reason: 'forbidden', needs: null },
    ] as const;
    ports.world.directory = { ...ports.world.directory, conditionalAccessPolicies: { state: 'unavailable', gaps } };
    const cause = { kind: 'verification', id: 'job-1', actor: unknownActor } as const;

    expect(await verifyTenantRule(rule, cause, given, ports)).toEqual([]);
    expect(await verifyTenantRule('storage-app-not-orphaned', cause, given, ports)).toEqual([]);
  });
});
