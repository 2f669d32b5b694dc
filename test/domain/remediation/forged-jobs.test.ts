import { describe, expect, it } from 'vitest';
import type { StoredJob } from '../../../domain/audit/ports.ts';
import type { JobProgress } from '../../../domain/remediation/job-progress.ts';
import { claimMs, notBegun } from '../../../domain/remediation/job-progress.ts';
import type { RemediationJob } from '../../../domain/remediation/job.ts';
import type { RemediationPlan } from '../../../domain/remediation/plan.ts';
import { UnknownJob } from '../../../domain/remediation/remediate-ports.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { requeueJob } from '../../../domain/remediation/requeue-job.ts';
import { undoJob } from '../../../domain/remediation/undo-job.ts';
import { guid, settings } from '../build.ts';
import { type ActionName, type BrokenWorld, brokenWorlds } from './broken-worlds.ts';
import { approve, approver, jobNow, storedJob, wirePorts, type WirePorts } from './wire-ports.ts';
import { policyId } from './wire-objects.ts';

const jo = guid(0x0d0);
const forgedId = 'f'.repeat(40);
const undoId = 'e'.repeat(40);
const written: JobProgress = {
  ...notBegun,
  write: { before: {}, intendedAt: 0, takenAt: 0, answer: null, after: {} },
};

function brokenBy(action: ActionName): BrokenWorld {
  const found = brokenWorlds.find((one) => one.action === action);
  if (found === undefined) throw new Error(`Nothing is broken for ${action}`);
  return found;
}

/** Writes into the row of a job as the auditor's identity can. */
async function forge(
  ports: WirePorts,
  jobId: string,
  over: Partial<Omit<StoredJob, 'job'>> & { readonly job?: Partial<RemediationJob> },
): Promise<void> {
  const stored = await jobNow(jobId, ports);
  const { state, report, progress = null } = { ...stored, ...over };
  await ports.store.jobs.move({ ...stored, job: { ...stored.job, ...over.job } }, state, report, progress);
}

/** A job that is ready to run, approved where it has to be. */
async function ready(action: ActionName) {
  const broken = brokenBy(action);
  const ports = wirePorts(broken);
  const job = await storedJob(broken, ports);
  await approve(job, broken, ports);
  return { broken, ports, job, run: (jobId = job.jobId) => remediate(jobId, broken.settings, ports) };
}

async function done(action: ActionName) {
  const all = await ready(action);
  expect(await all.run()).toMatchObject({ state: 'done' });
  const writes = all.ports.writes.length;
  return { ...all, writesSince: () => all.ports.writes.slice(writes) };
}

const policyPath = `/v1.0/identity/conditionalAccess/policies/${policyId}`;
const grantsPath = '/v1.0/oauth2PermissionGrants';
const call = { permission: 'x', reads: { url: policyPath, expect: {}, afterwards: {} } };

const anything: readonly [string, ActionName, RemediationPlan['calls'][number]][] = [
  [
    'a policy switched off',
    'exclude-app-from-policy',
    {
      ...call,
      method: 'PATCH',
      url: policyPath,
      body: { state: 'disabled' },
      undo: { method: 'PATCH', url: policyPath, body: { state: 'disabled' } },
    },
  ],
  [
    'a consent to everything',
    'grant-consent',
    {
      ...call,
      method: 'POST',
      url: grantsPath,
      body: {
        clientId: guid(0xbad),
        consentType: 'AllPrincipals',
        resourceId: guid(9),
        scope: 'Directory.ReadWrite.All',
      },
      undo: { method: 'DELETE', url: `${grantsPath}/x`, body: null },
    },
  ],
];

describe('Whoever can write jobs cannot', () => {
  it.each(anything)('have %s, by the undo of a job that never was', async (_, action, evil) => {
    const { broken, ports, job } = await ready(action);
    const start = structuredClone(ports.tenant);
    const plan = { ...job.plan, risk: 'safe' as const, calls: [evil] };
    const forged = { ...job, accounts: [], findings: [], approvalRequired: false, plan };
    await ports.store.jobs.insert({ ...forged, jobId: forgedId });
    await forge(ports, forgedId, { state: 'done', progress: written });
    await ports.store.jobs.insert({ ...forged, jobId: undoId, undoOf: forgedId });

    expect(await remediate(undoId, broken.settings, ports)).toMatchObject({ state: 'refused' });
    expect(await remediate(forgedId, broken.settings, ports)).toMatchObject({ state: 'already-settled' });
    expect([ports.writes, ports.tenant]).toEqual([[], start]);
  });

  it('have what was done taken back by an undo that nobody asked for', async () => {
    const { ports, run, job, writesSince } = await done('exclude-app-from-policy');
    const asked = await undoJob(job.jobId, jo, ports);
    await ports.store.jobs.insert({ ...asked.job, jobId: undoId });

    expect(await run(undoId)).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/asked for/) as unknown,
    });
    expect(writesSince()).toEqual([]);
    // The one that was asked for goes on.
    expect(await run(asked.job.jobId)).toMatchObject({ state: 'done' });
  });

  it.each<[string, Partial<RemediationJob>]>([
    [
      'its plan',
      {
        plan: {
          action: 'exclude-app-from-policy',
          risk: 'safe',
          target: { type: 'conditionalAccessPolicy', id: policyId, name: 'x' },
          calls: anything[0]?.[2] === undefined ? [] : [anything[0][2]],
        },
      },
    ],
    ['which job it takes back', { undoOf: forgedId }],
    ['its tenant', { tenantId: guid(0x999) }],
    ['its accounts', { accounts: [] }],
  ])('change what an undo does that a person asked for: %s', async (_, over) => {
    const { ports, run, job, writesSince } = await done('exclude-app-from-policy');
    const { job: undo } = await undoJob(job.jobId, jo, ports);
    await forge(ports, undo.jobId, { job: over });

    expect(await run(undo.jobId)).toMatchObject({ state: 'refused' });
    expect(writesSince()).toEqual([]);
  });

  it('change what an undo restores by the row of the job that is taken back', async () => {
    const { ports, run, job, broken } = await done('add-cloud-group-tag');
    const calls = job.plan.calls.map((one) => ({ ...one, undo: { ...one.undo, body: { tags: ['Forged'] } } }));
    await forge(ports, job.jobId, { job: { plan: { ...job.plan, calls } }, progress: written });

    const { job: undo } = await undoJob(job.jobId, jo, ports);
    expect(await run(undo.jobId)).toMatchObject({ state: 'done' });
    const start = wirePorts(broken).tenant;
    expect([...ports.tenant].map(([path, one]) => [path, one['tags']])).toEqual(
      [...start].map(([path, one]) => [path, one['tags']]),
    );
  });

  it('have an undo go on after its time by its expiresAt', async () => {
    const { ports, run, job, writesSince } = await done('add-cloud-group-tag');
    const { job: undo } = await undoJob(job.jobId, jo, ports);
    await forge(ports, undo.jobId, { job: { expiresAt: undo.expiresAt + 30 * 86_400_000 } });
    ports.world.now = undo.expiresAt;

    expect(await run(undo.jobId)).toMatchObject({ state: 'refused' });
    expect(writesSince()).toEqual([]);
  });

  it('have an undo run unapproved that weakens security, by calling it safe', async () => {
    const { ports, run, job, writesSince } = await done('remove-orphaned-exclusion');
    const { job: undo, state } = await undoJob(job.jobId, jo, ports);
    expect(state).toBe('awaiting-approval');
    const over = { approvalRequired: false, plan: { ...undo.plan, risk: 'safe' as const } };
    await forge(ports, undo.jobId, { state: 'queued', job: over });

    expect(await run(undo.jobId)).toMatchObject({ state: 'refused' });
    expect(writesSince()).toEqual([]);
  });

  it('have a job run unapproved by its state and approvalRequired', async () => {
    const broken = brokenBy('exclude-app-from-policy');
    const ports = wirePorts(broken);
    const job = await storedJob(broken, ports);
    await forge(ports, job.jobId, { state: 'queued', job: { approvalRequired: false } });
    const auto = settings({ remediation: { 'exclude-app-from-policy': 'auto' } });

    expect(await remediate(job.jobId, auto, ports)).toMatchObject({ state: 'awaiting-approval' });
    expect(ports.writes).toEqual([]);
  });

  it('use the approval of another attempt, by its attempt', async () => {
    const { ports, run, job } = await ready('exclude-app-from-policy');
    await forge(ports, job.jobId, { job: { attempt: 2 } });

    expect(await run()).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/needs an approval/) as unknown,
    });
    expect(ports.writes).toEqual([]);
  });

  it('use the approval of another job, by its jobId', async () => {
    const { ports, run, job } = await ready('exclude-app-from-policy');
    const { jobs } = ports;
    Object.assign(ports, {
      jobs: { ...jobs, find: (jobId: string) => jobs.find(jobId === forgedId ? job.jobId : jobId) },
    });

    await expect(run(forgedId)).rejects.toThrow(UnknownJob);
    expect(ports.writes).toEqual([]);
  });

  it('have an approval hold longer, by expiresAt', async () => {
    const { ports, run, job, broken } = await ready('exclude-app-from-policy');
    await forge(ports, job.jobId, { job: { expiresAt: job.expiresAt + 365 * 86_400_000 } });
    ports.world.now += broken.settings.brakes.approvalHours * 3_600_000;

    expect(await run()).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/approval has expired/) as unknown,
    });
    expect(ports.writes).toEqual([]);
  });

  it('have a job that was left running go on after its time', async () => {
    const { ports, run, job } = await ready('add-cloud-group-tag');
    await forge(ports, job.jobId, { state: 'running' });
    ports.world.now = job.expiresAt;

    expect(await run()).toMatchObject({ state: 'refused', reason: expect.stringMatching(/expired/) as unknown });
    expect(ports.writes).toEqual([]);
  });

  it('let whoever asked for a job approve it, by requestedBy', async () => {
    const broken = brokenBy('exclude-app-from-policy');
    const ports = wirePorts(broken);
    const first = await storedJob(broken, ports);
    await forge(ports, first.jobId, { state: 'failed' });
    const { job } = await requeueJob(await jobNow(first.jobId, ports), approver, broken.settings, ports);
    await forge(ports, job.jobId, { job: { requestedBy: null } });

    await expect(approve(job, broken, ports)).rejects.toThrow(/own-request/);
  });

  it('have a write recorded that never was, by progress', async () => {
    const { ports, run, job } = await ready('add-cloud-group-tag');
    const [first] = job.plan.calls;
    if (first === undefined) throw new Error('The plan has no call');
    const reads = { ...first.reads, afterwards: { '/tags': ['HideApp'] } };
    const plan = { ...job.plan, calls: [{ ...first, reads }] };
    await forge(ports, job.jobId, { state: 'running', job: { plan }, progress: written });

    expect(await run()).toMatchObject({ state: 'refused' });
    expect(ports.writes).toEqual([]);
  });

  it('have a job write twice by making its row as it was', async () => {
    const { ports, run, job, writesSince } = await done('add-cloud-group-tag');
    ports.tenant = wirePorts(brokenBy('add-cloud-group-tag')).tenant;
    await forge(ports, job.jobId, { state: 'queued', report: null, progress: null });

    let ended = await run();
    for (let waits = 0; waits < 9 && ended.state === 'put-off'; waits += 1) {
      ports.world.now = Math.max(...ports.sent.again.map(({ at }) => at));
      ended = await run();
    }
    expect(ended).toMatchObject({ state: 'failed' });
    expect(writesSince()).toEqual([]);
  });

  it('have two consumers write by making the row as it was while one of them does', async () => {
    const { ports, run, job } = await ready('add-cloud-group-tag');
    const { executor } = ports;
    const meanwhile: unknown[] = [];
    const forging: typeof executor = {
      ...executor,
      execute: async (planned) => {
        if (meanwhile.length === 0) {
          await forge(ports, job.jobId, { state: 'queued', report: null, progress: null });
          meanwhile.push(await run());
        }
        return executor.execute(planned);
      },
    };
    Object.assign(ports, { executor: forging });

    await run();
    expect(meanwhile).toEqual([{ state: 'claimed-elsewhere', reason: null }]);
    expect(ports.writes).toHaveLength(1);
    expect(Math.max(...ports.sent.again.map(({ at }) => at))).toBe(ports.world.now + claimMs);
  });

  it('have the record of a write replaced by making the row as it was before another one writes', async () => {
    const { ports, run, job } = await ready('add-cloud-group-tag');
    const { executor } = ports;
    const meanwhile: unknown[] = [];
    const forging: typeof executor = {
      ...executor,
      read: async (planned) => {
        const found = await executor.read(planned);
        if (meanwhile.length === 0) {
          meanwhile.push(null);
          await forge(ports, job.jobId, { state: 'queued', report: null, progress: null });
          meanwhile[0] = (await run()).state;
        }
        return found;
      },
    };
    Object.assign(ports, { executor: forging });

    expect(await run()).toMatchObject({ state: 'claimed-elsewhere' });
    expect([meanwhile, ports.writes.length]).toEqual([['done'], 1]);
    expect((await ports.records.find(job.jobId))?.record.write?.after).not.toBeNull();
  });

  it('have a write that was made recorded as one of another plan', async () => {
    const { ports, run, job } = await ready('add-cloud-group-tag');
    ports.hooks.after = () => {
      throw new Error('crashed');
    };
    await expect(run()).rejects.toThrow('crashed');
    ports.hooks.after = () => undefined;
    await forge(ports, job.jobId, { job: { plan: { ...job.plan, action: 'grant-consent' }, undoOf: forgedId } });

    expect(await run()).toMatchObject({ state: 'done' });
    const { plan, undoOf } = (await jobNow(job.jobId, ports)).job;
    expect([plan, undoOf]).toEqual([job.plan, undefined]);
  });

  it('have the approval of whoever asked taken for that of another person, by requestedBy', async () => {
    const { ports, run, job } = await ready('exclude-app-from-policy');
    const request = { jobId: job.jobId, undoOf: null, by: approver, at: ports.now(), expiresAt: job.expiresAt };
    await ports.requests.keep(request);

    expect(await run()).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/takes another/) as unknown,
    });
    expect(ports.writes).toEqual([]);
  });

  it('hide the account of a repair from the scope, by accounts', async () => {
    const { ports, run, job } = await ready('replace-dangling-exclusion');
    expect(job.accounts).toHaveLength(1);
    await forge(ports, job.jobId, { job: { accounts: [] } });

    expect(await run()).toMatchObject({ state: 'refused' });
    expect(ports.writes).toEqual([]);
  });

  it('have something repaired that no finding asks for, by its findings', async () => {
    const { ports, run, job } = await ready('add-cloud-group-tag');
    await forge(ports, job.jobId, { job: { findings: [] } });

    expect(await run()).toMatchObject({ state: 'refused', reason: expect.stringMatching(/no finding/) as unknown });
    expect(ports.writes).toEqual([]);
  });

  it('have something repaired by the finding of another rule', async () => {
    const { ports, run, job } = await ready('add-cloud-group-tag');
    const [stored] = await ports.store.findings.find(job.findings[0]?.id ?? '');
    if (stored === undefined) throw new Error('The finding is not stored');
    const other = { ...stored.finding, id: `${stored.finding.id.split('/')[0] ?? ''}/other-rule`, rule: 'other-rule' };
    await ports.store.findings.commit(job.accounts[0]?.id.split('/')[2] ?? '', [
      { finding: other, version: null, transition: null, effects: [] },
    ]);
    await forge(ports, job.jobId, { job: { findings: [{ id: other.id, episode: 1 }] } });

    expect(await run()).toMatchObject({ state: 'refused' });
    expect(ports.writes).toEqual([]);
  });

  it.each<[string, Partial<RemediationJob>]>([
    ['tenantId', { tenantId: guid(0x999) }],
    ['accounts', { accounts: [] }],
    ['rule', { rule: 'consent-granted' }],
  ])('have a repair done that its facts do not give, by %s', async (_, over) => {
    const { ports, run, job } = await ready('add-cloud-group-tag');
    await forge(ports, job.jobId, { job: over });

    expect(await run()).toMatchObject({ state: 'refused' });
    expect(ports.writes).toEqual([]);
  });

  it('have done what the remediator only tells, by dryRun', async () => {
    const { ports, job } = await ready('add-cloud-group-tag');
    await forge(ports, job.jobId, { job: { dryRun: false } });

    const own = settings({ remediation: { 'add-cloud-group-tag': 'dry-run' }, cloudOnlyUsers: [{ name: '*' }] });
    expect(await remediate(job.jobId, own, ports)).toMatchObject({ state: 'dry-run' });
    expect(ports.writes).toEqual([]);
  });
});
