import { describe, expect, it } from 'vitest';
import type { PlanExecutor } from '../../../domain/audit/ports.ts';
import { approveJob } from '../../../domain/remediation/approval.ts';
import { viewJob } from '../../../domain/remediation/job-view.ts';
import { planRefusedAnew } from '../../../domain/remediation/plan-refused-anew.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { planDigest } from '../../../domain/remediation/same-plan.ts';
import { turnDownJob } from '../../../domain/remediation/turn-down-job.ts';
import { sha256 } from '../../../infra/digest.ts';
import { guid } from '../build.ts';
import { Crash } from '../faults.ts';
import { brokenWorlds, type BrokenWorld } from './broken-worlds.ts';
import { approve, approver, jobNow, storedJob, wirePorts, type WirePorts } from './wire-ports.ts';

const doubter = guid(0xd0b);
const iso = (at: number): string => new Date(at).toISOString();

function world(action: string): BrokenWorld {
  const found = brokenWorlds.find((broken) => broken.action === action);
  if (found === undefined) throw new Error('No such action');
  return found;
}

/** A job that is on its way: approved where it takes that. */
async function onItsWay(action: string) {
  const broken = world(action);
  const ports = wirePorts(broken);
  const job = await storedJob(broken, ports);
  await approve(job, broken, ports);
  const decision = { jobId: job.jobId, planDigest: planDigest(job.plan, sha256), by: doubter, note: 'Not today' };
  return {
    ...{ broken, ports, job, decision },
    reject: () => turnDownJob(decision, broken.settings, ports),
    run: () => remediate(job.jobId, broken.settings, ports),
  };
}

const needsApproval = 'exclude-app-from-policy';
const runsByItself = 'grant-consent';

describe.each([needsApproval, runsByItself])('A job on its way that a person calls off: %s', (action) => {
  it('ends as refused with who and when, and is never written', async () => {
    const { ports, job, reject, run } = await onItsWay(action);
    expect((await jobNow(job.jobId, ports)).state).toBe('queued');

    expect(await reject()).toMatchObject({ outcome: 'called-off', job: { state: 'refused' } });

    const { report } = await jobNow(job.jobId, ports);
    expect(report?.reason).toBe(`${doubter} called the job off at ${iso(ports.now())}`);
    expect(await run()).toMatchObject({ state: 'already-settled' });
    expect(ports.writes).toEqual([]);
  });

  it('keeps who, when and why in its own row, and the approval as it was given', async () => {
    const { ports, job, reject } = await onItsWay(action);
    const approval = await ports.approvals.find(job.jobId, 1);
    ports.world.now += 1000;
    await reject();

    expect(await ports.approvals.calledOff(job.jobId, 1)).toEqual({
      ...{ jobId: job.jobId, attempt: 1, by: doubter, at: ports.now(), note: 'Not today' },
    });
    expect(await ports.approvals.find(job.jobId, 1)).toEqual(approval);
  });

  it('is not written where a crash came before its own row said so', async () => {
    const { broken, ports, job, decision, reject, run } = await onItsWay(action);
    const move = () => Promise.reject(new Crash('crashed'));
    const crashing = { ...ports, jobs: { ...ports.store.jobs, move } };
    await expect(turnDownJob(decision, broken.settings, crashing)).rejects.toBeInstanceOf(Crash);
    // Nobody comes again: what waits for the repair is looked at all the same.
    expect(ports.sent.work).toMatchObject([{ work: { kind: 'account', cause: { id: job.jobId } } }]);
    expect((await jobNow(job.jobId, ports)).state).toBe('queued');

    expect(await run()).toMatchObject({ state: 'refused' });
    expect([ports.writes, (await ports.brakes.read()).state.writes]).toEqual([[], []]);
    expect(await reject()).toMatchObject({ outcome: 'called-off', job: { state: 'refused' } });
  });

  it('is not written where it is called off while its object is read, in the last moment', async () => {
    const { ports, job, reject, run } = await onItsWay(action);
    const read: PlanExecutor['read'] = async (call) => {
      const found = await ports.executor.read(call);
      expect(await reject()).toMatchObject({ outcome: 'called-off', job: { state: 'running' } });
      return found;
    };
    const executor = { ...ports.executor, read };

    const ended = await remediate(job.jobId, world(action).settings, { ...ports, executor });

    expect(ended).toMatchObject({ state: 'refused', reason: expect.stringContaining('called the job off') as string });
    expect(await run()).toMatchObject({ state: 'already-settled' });
    expect(ports.writes).toEqual([]);
    expect(await planRefusedAnew(world(action).settings, ports)).toEqual([]);
  });

  it('has what waits for it audited, before it ends and after, and nothing planned anew', async () => {
    const { broken, ports, job, reject } = await onItsWay(action);
    ports.sent.work.length = 0;
    await reject();
    expect(ports.sent.work.map(({ work: { kind } }) => kind)).toEqual(['account', 'account']);
    expect(ports.sent.work.map(({ messageId }) => messageId)).toEqual(
      ['turned-down', 'refused'].map((ended) => `verify:${job.jobId}:1:${ended}:0`),
    );
    ports.sent.work.length = 0;

    expect(await planRefusedAnew(broken.settings, ports)).toEqual([]);
    expect(ports.sent.work).toEqual([]);
  });

  it('is shown as called off, by whom and why', async () => {
    const { broken, ports, job, reject } = await onItsWay(action);
    await reject();

    const view = await viewJob(job.jobId, broken.settings, {
      ...ports,
      policy: () => Promise.resolve(null),
      makers: () => Promise.resolve(null),
    });
    expect(view?.approval).toMatchObject({ state: 'called-off', calledOff: { by: doubter, note: 'Not today' } });
  });
});

describe('Calling off a job', () => {
  it('wins over an approval that is sent once more', async () => {
    const { broken, ports, decision, reject, run } = await onItsWay(needsApproval);
    await reject();
    await approveJob({ ...decision, by: approver }, broken.settings, ports);

    await run();
    expect(ports.writes).toEqual([]);
  });

  it('takes an approval back whose crash came before the job was queued', async () => {
    const { broken, ports, job, reject, run } = await onItsWay(needsApproval);
    const stored = await jobNow(job.jobId, ports);
    await ports.store.jobs.move(stored, 'awaiting-approval', null);

    expect(await reject()).toMatchObject({ outcome: 'called-off', job: { state: 'refused' } });
    const again = { jobId: job.jobId, planDigest: planDigest(job.plan, sha256), by: approver, note: null };
    await approveJob(again, broken.settings, ports);
    await run();
    expect(ports.writes).toEqual([]);
  });

  it('again changes nothing: the first stands', async () => {
    const { ports, broken, job, decision, reject } = await onItsWay(runsByItself);
    await reject();
    const before = await jobNow(job.jobId, ports);
    const other = { ...decision, by: guid(0xd0c), note: 'Me too' };

    expect(await turnDownJob(other, broken.settings, ports)).toMatchObject({ callOff: { by: doubter } });
    expect(await jobNow(job.jobId, ports)).toEqual(before);
  });

  it('is refused for a plan that was not shown, and records nothing', async () => {
    const { ports, broken, job, decision } = await onItsWay(runsByItself);
    const other = { ...decision, planDigest: sha256('another') };

    expect(await turnDownJob(other, broken.settings, ports)).toMatchObject({ outcome: 'other-plan' });
    expect(await ports.approvals.calledOff(job.jobId, 1)).toBeNull();
  });

  it.each<[string, (ports: WirePorts) => void]>([
    ['was written and is not looked at yet', (ports) => (ports.hooks.after = fail)],
    ['may have been written', (ports) => (ports.hooks.before = fail)],
  ])('is refused for one that %s: an undo takes it back', async (_, set) => {
    const { ports, job, reject, run } = await onItsWay(runsByItself);
    set(ports);
    await run().catch(() => undefined);

    expect(await reject()).toMatchObject({
      outcome: 'not-waiting',
      why: expect.stringContaining('undo') as string,
    });
    expect(await ports.approvals.calledOff(job.jobId, 1)).toBeNull();
  });

  it('is refused for one that is done', async () => {
    const { reject, run } = await onItsWay(runsByItself);
    expect(await run()).toMatchObject({ state: 'done' });

    expect(await reject()).toMatchObject({ outcome: 'not-waiting' });
  });
});

function fail(): never {
  throw new Crash('crashed');
}
