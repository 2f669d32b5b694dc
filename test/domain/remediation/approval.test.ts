import { describe, expect, it } from 'vitest';
import { approveJob, rejectJob } from '../../../domain/remediation/approval.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { planDigest } from '../../../domain/remediation/same-plan.ts';
import { sha256 } from '../../../infra/digest.ts';
import { guid, settings } from '../build.ts';
import { Crash } from '../faults.ts';
import { brokenWorlds, type BrokenWorld } from './broken-worlds.ts';
import { approver, jobNow, storedJob, wirePorts } from './wire-ports.ts';

const hour = 3_600_000;
const requester = guid(0xbad);

function risky(): BrokenWorld {
  const found = brokenWorlds.find(({ action }) => action === 'exclude-app-from-policy');
  if (found === undefined) throw new Error('No such action');
  const brakes = { ...settings().brakes, requesters: [requester] };
  return { ...found, settings: { ...found.settings, brakes } };
}

async function waiting() {
  const broken = risky();
  const ports = wirePorts(broken);
  const job = await storedJob(broken, ports);
  const decision = { jobId: job.jobId, planDigest: planDigest(job.plan, sha256), by: approver, note: 'Agreed' };
  return { broken, ports, job, decision, run: () => remediate(job.jobId, broken.settings, ports) };
}

describe('Approving a job', () => {
  it('records who approved which plan and until when, and puts the job on the queue with that', async () => {
    const { broken, ports, job, decision } = await waiting();

    const decided = await approveJob({ ...decision, by: approver.toUpperCase() }, broken.settings, ports);

    expect(decided).toMatchObject({ outcome: 'approved', job: { state: 'queued' } });
    expect(await ports.approvals.find(job.jobId, 1)).toEqual({
      ...{ jobId: job.jobId, attempt: 1, planDigest: decision.planDigest, decision: 'approved', by: approver },
      ...{ at: ports.now(), expiresAt: ports.now() + 24 * hour, note: 'Agreed' },
    });
    expect(ports.sent.jobs.map(({ jobId }) => jobId)).toEqual([job.jobId]);
  });

  it('sends nothing before anybody has', async () => {
    const { ports, run } = await waiting();

    expect(await run()).toMatchObject({ state: 'already-settled' });
    expect([ports.writes, ports.sent.jobs]).toEqual([[], []]);
  });

  it('is refused while nobody is known to have switched the action on, since nobody can be told apart from them', async () => {
    const { broken, ports, decision } = await waiting();
    const brakes = { ...broken.settings.brakes, requesters: [] };

    const decided = await approveJob(decision, { ...broken.settings, brakes }, ports);

    expect(decided).toMatchObject({ outcome: 'own-request', why: expect.stringContaining('requesters') as unknown });
    expect(ports.sent.jobs).toEqual([]);
  });

  it.each([
    ['unknown-job', (one: Awaited<ReturnType<typeof waiting>>) => ({ ...one.decision, jobId: '0'.repeat(40) })],
    ['other-plan', (one: Awaited<ReturnType<typeof waiting>>) => ({ ...one.decision, planDigest: sha256('older') })],
    ['own-request', (one: Awaited<ReturnType<typeof waiting>>) => ({ ...one.decision, by: requester.toUpperCase() })],
  ])('is refused as %s, and records nothing', async (outcome, change) => {
    const one = await waiting();

    expect(await approveJob(change(one), one.broken.settings, one.ports)).toMatchObject({ outcome });
    expect(await one.ports.approvals.find(one.job.jobId, 1)).toBeNull();
    expect(one.ports.sent.jobs).toEqual([]);
  });

  it('is refused to whoever asked for the attempt', async () => {
    const { broken, ports, job, decision } = await waiting();
    const stored = await jobNow(job.jobId, ports);
    await ports.store.jobs.move(
      { ...stored, job: { ...job, requestedBy: approver.toUpperCase() } },
      stored.state,
      null,
    );

    expect(await approveJob(decision, broken.settings, ports)).toMatchObject({ outcome: 'own-request' });
  });

  it('is refused for a job that has expired', async () => {
    const { broken, ports, job, decision } = await waiting();
    ports.world.now = job.expiresAt;

    expect(await approveJob(decision, broken.settings, ports)).toMatchObject({ outcome: 'expired' });
  });

  it('lets the first decision stand', async () => {
    const { broken, ports, decision } = await waiting();
    expect(await rejectJob(decision, broken.settings, ports)).toMatchObject({
      outcome: 'rejected',
      job: { state: 'refused' },
    });

    expect(await approveJob({ ...decision, by: guid(0xa98) }, broken.settings, ports)).toMatchObject({
      outcome: 'not-waiting',
    });
    expect(ports.sent.jobs).toEqual([]);
  });

  it('lets the requester turn a plan down', async () => {
    const { broken, ports, decision } = await waiting();

    expect(await rejectJob({ ...decision, by: requester }, broken.settings, ports)).toMatchObject({
      outcome: 'rejected',
    });
  });

  it('goes on where it crashed when the same person asks again', async () => {
    for (const at of [0, 1, 2, 3, 4]) {
      const { broken, ports, job, decision } = await waiting();
      ports.faults.arm(at, 'after');
      await expect(approveJob(decision, broken.settings, ports)).rejects.toThrow(Crash);

      expect(await approveJob(decision, broken.settings, ports)).toMatchObject({ outcome: 'approved' });
      expect((await jobNow(job.jobId, ports)).state).toBe('queued');
      expect(ports.sent.jobs.length).toBeGreaterThan(0);
    }
  });
});

describe('A job that was approved', () => {
  it.each<[string, RegExp, (one: Awaited<ReturnType<typeof waiting>>) => Promise<unknown>]>([
    [
      'so long ago that it has expired',
      /approval has expired/,
      ({ ports }) => Promise.resolve((ports.world.now += 24 * hour)),
    ],
    [
      'by somebody who has since been named as a requester',
      /takes another/,
      ({ broken }) => {
        const brakes = { ...broken.settings.brakes, requesters: [approver] };
        return Promise.resolve(Object.assign(broken, { settings: { ...broken.settings, brakes } }));
      },
    ],
    [
      'and whose plan was changed since, so that the facts agree with it',
      /another plan/,
      async ({ ports, job }) => {
        const stored = await jobNow(job.jobId, ports);
        const target = { ...job.plan.target, name: 'Renamed' };
        return ports.store.jobs.move({ ...stored, job: { ...job, plan: { ...job.plan, target } } }, 'queued', null);
      },
    ],
  ])('%s is refused', async (_, reason, change) => {
    const one = await waiting();
    await approveJob(one.decision, one.broken.settings, one.ports);
    await change(one);

    expect(await remediate(one.job.jobId, one.broken.settings, one.ports)).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(reason) as unknown,
    });
    expect(one.ports.writes).toEqual([]);
  });

  it('waits for a person without the record of it, whatever its row says', async () => {
    const { ports, job, run } = await waiting();
    const stored = await jobNow(job.jobId, ports);
    await ports.store.jobs.move({ ...stored, job: { ...job, approvalRequired: false } }, 'queued', null);

    expect(await run()).toMatchObject({
      state: 'awaiting-approval',
      reason: expect.stringMatching(/wait for a person/) as unknown,
    });
    expect(ports.writes).toEqual([]);
    expect((await jobNow(job.jobId, ports)).job.approvalRequired).toBe(true);
  });
});
