import { describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import type { Settings } from '../../../domain/model/settings.ts';
import { stopAction } from '../../../domain/remediation/action-brakes.ts';
import { switchKill } from '../../../domain/remediation/kill-switch.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { undoJob, UndoRefused } from '../../../domain/remediation/undo-job.ts';
import { undoRiskOf } from '../../../domain/remediation/undo-risk.ts';
import { viewJob } from '../../../domain/remediation/job-view.ts';
import { takeBrakesOff } from '../../../domain/remediation/write-brakes.ts';
import type { WireObject } from '../../../infra/estate-source.ts';
import { guid, settings } from '../build.ts';
import { directoryOf, kerberosAccount } from '../estate.ts';
import { memoryPorts } from '../memory-ports.ts';
import { type ActionName, brokenWorlds } from './broken-worlds.ts';
import { approve, jobNow, storedJob, wirePorts, type WirePorts } from './wire-ports.ts';
import { policyId } from './wire-objects.ts';

const jo = guid(0x0d0);
const kim = guid(0x0d1);
const undoneBy = 'c'.repeat(40);
const policyPath = `/v1.0/identity/conditionalAccess/policies/${policyId}`;

/** A job of the action that is done. */
async function done(action: ActionName) {
  const broken = brokenWorlds.find((one) => one.action === action);
  if (broken === undefined) throw new Error(`Nothing is broken for ${action}`);
  const ports = wirePorts(broken);
  const job = await storedJob(broken, ports);
  await approve(job, broken, ports);
  expect(await remediate(job.jobId, broken.settings, ports)).toMatchObject({ state: 'done' });
  return {
    broken,
    ports,
    job,
    ask: (by = jo) => undoJob(job.jobId, by, ports),
    run: (jobId: string, own: Settings = broken.settings) => remediate(jobId, own, ports),
  };
}

function edit(ports: WirePorts, path: string, over: WireObject): void {
  ports.tenant = new Map([...ports.tenant].map(([key, one]) => [key, key === path ? { ...one, ...over } : one]));
}

const kill = (on: boolean) => ({ on, by: jo, reason: 'Something is wrong' });

describe('An undo', () => {
  it.each(brokenWorlds.map(({ action }) => action))(
    'of %s is done although the action is switched off, or a dry run, by now',
    async (action) => {
      for (const mode of ['off', 'dry-run'] as const) {
        const { broken, ports, ask, run } = await done(action);
        const undo = await ask();
        await approve(undo.job, broken, ports);

        const own = { ...broken.settings, remediation: { [action]: mode } };
        expect(await run(undo.job.jobId, own), mode).toMatchObject({ state: 'done' });
      }
    },
  );

  it('is put off by the kill switch and not refused, and done once that is off', async () => {
    const { ports, ask, run } = await done('add-cloud-group-tag');
    await switchKill(kill(true), ports);
    const { job } = await ask();

    expect(await run(job.jobId)).toMatchObject({
      state: 'put-off',
      reason: expect.stringMatching(/switched all/) as unknown,
    });
    expect(ports.sent.again.at(-1)).toEqual({ jobId: job.jobId, at: ports.world.now + 600_000 });
    expect(ports.writes).toHaveLength(1);

    await switchKill(kill(false), ports);
    ports.world.now += 600_000;
    expect(await run(job.jobId)).toMatchObject({ state: 'done' });
  });

  it('is put off while its action is stopped, until a person releases it', async () => {
    const { ports, ask, run } = await done('add-cloud-group-tag');
    const collided = { action: 'add-cloud-group-tag', jobId: 'x', attempt: 1 };
    await stopAction(collided, { at: ports.now(), reason: 'Somebody wrote at the same time' }, ports.brakes);

    const { job } = await ask();
    expect(await run(job.jobId)).toMatchObject({
      state: 'put-off',
      reason: expect.stringMatching(/stopped/) as unknown,
    });
    expect(ports.writes).toHaveLength(1);
  });

  it('can be asked for again by anybody after it was refused, and says who asked', async () => {
    const { ports, job, ask, run } = await done('add-privatelink-uris');
    const path = `/v1.0/applications/${job.plan.target.id}`;
    edit(ports, path, { owners: [{ id: guid(0xbad) }] });
    const first = await ask();
    expect(await run(first.job.jobId)).toMatchObject({ state: 'refused' });

    edit(ports, path, { owners: [] });
    const second = await ask(kim);
    expect(second.job).toMatchObject({ attempt: 2, requestedBy: kim, undoOf: job.jobId });
    expect(await ports.requests.find(second.job.jobId)).toMatchObject({ by: kim, undoOf: job.jobId });
    expect(await run(second.job.jobId)).toMatchObject({ state: 'done' });
    expect((await jobNow(job.jobId, ports)).state).toBe('undone');
  });

  it('can be asked for again after nobody approved it in its time', async () => {
    const { broken, ports, ask, run } = await done('allow-aes256-kerberos');
    const first = await ask();
    ports.world.now = first.job.expiresAt;

    const second = await ask();
    expect([second.state, second.job.attempt]).toEqual(['awaiting-approval', 2]);
    await approve(second.job, broken, ports);
    expect(await run(second.job.jobId)).toMatchObject({ state: 'done' });
  });

  it('is one job for two who ask at once, and that of whoever was first', async () => {
    const { ports, ask } = await done('add-cloud-group-tag');

    const [one, other] = await Promise.all([ask(jo), ask(kim)]);

    expect(one.job.jobId).toBe(other.job.jobId);
    const request = await ports.requests.find(one.job.jobId);
    expect((await jobNow(one.job.jobId, ports)).job.requestedBy).toBe(request?.by);
  });

  it('goes on where asking for it broke off', async () => {
    const { ports, ask } = await done('add-cloud-group-tag');
    const { jobs } = ports;
    const insert = (): Promise<never> => Promise.reject(new Error('The table does not answer'));
    Object.assign(ports, { jobs: { ...jobs, insert } });
    await expect(ask(jo)).rejects.toThrow('does not answer');
    Object.assign(ports, { jobs });

    expect((await ask(kim)).job).toMatchObject({ attempt: 1, requestedBy: jo });
  });

  it('is refused when the app has got an owner since', async () => {
    const { ports, job, ask, run } = await done('add-privatelink-uris');
    edit(ports, `/v1.0/applications/${job.plan.target.id}`, { owners: [{ id: guid(0xbad) }] });
    const undo = await ask();

    expect(await run(undo.job.jobId)).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/owners/) as unknown,
    });
    expect(ports.writes).toHaveLength(1);
  });

  it('is refused outside of the scope that the settings of now leave', async () => {
    const { broken, ports, ask, run } = await done('add-cloud-group-tag');
    const undo = await ask();
    const own = { ...broken.settings, scope: { ...broken.settings.scope, exclude: [{ name: broken.account.name }] } };

    expect(await run(undo.job.jobId, own)).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/scope/) as unknown,
    });
    expect(ports.writes).toHaveLength(1);
  });

  it('is refused to a job that left no record where the auditor cannot write', async () => {
    const { broken, ports } = await done('add-cloud-group-tag');
    const { job } = await done('add-cloud-group-tag');
    const forged = { ...job, jobId: 'f'.repeat(40) };
    await ports.store.jobs.insert(forged);
    await ports.store.jobs.move(await jobNow(forged.jobId, ports), 'done', null);

    await expect(undoJob(forged.jobId, jo, ports)).rejects.toThrow(UndoRefused);
    expect(broken.action).toBe('add-cloud-group-tag');
  });
});

describe('The undo of an exclusion', () => {
  const block = {
    grantControls: { operator: 'OR', builtInControls: ['block'], customAuthenticationFactors: [], termsOfUse: [] },
    modifiedDateTime: '2026-11-21T13:00:00.0000001Z',
  };

  it('needs nobody where the policy is as the job left it', async () => {
    const { ask } = await done('exclude-app-from-policy');

    expect(undoRiskOf('exclude-app-from-policy')).toBe('safe');
    expect(await ask()).toMatchObject({ state: 'queued', job: { plan: { risk: 'safe' } } });
  });

  it('waits for another person where somebody has edited the policy since', async () => {
    const { broken, ports, ask, run } = await done('exclude-app-from-policy');
    edit(ports, policyPath, block);

    const undo = await ask();
    expect(undo).toMatchObject({ state: 'awaiting-approval', job: { plan: { risk: 'disruptive' } } });
    await approve(undo.job, broken, ports);
    expect(await run(undo.job.jobId)).toMatchObject({ state: 'done' });
  });

  it('is refused where somebody edits the policy after it was asked for, and can then be asked for again', async () => {
    const { ports, ask, run } = await done('exclude-app-from-policy');
    const undo = await ask();
    edit(ports, policyPath, block);

    expect(await run(undo.job.jobId)).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/changed it since/) as unknown,
    });
    expect(ports.writes).toHaveLength(1);
    expect(await ask()).toMatchObject({ state: 'awaiting-approval', job: { attempt: 2 } });
  });

  it('is not approved for one edition and done to another', async () => {
    const { broken, ports, ask, run } = await done('exclude-app-from-policy');
    edit(ports, policyPath, block);
    const undo = await ask();
    await approve(undo.job, broken, ports);
    edit(ports, policyPath, { state: 'enabled', modifiedDateTime: '2026-11-21T14:00:00.0000001Z' });

    expect(await run(undo.job.jobId)).toMatchObject({ state: 'refused' });
    expect(ports.writes).toHaveLength(1);
  });
});

describe('The audit after an undo', () => {
  it('finds the fault again, and has its repair wait for a person although the action runs by itself', async () => {
    const account = kerberosAccount('profiles');
    const auto = settings({ remediation: { 'grant-consent': 'auto' } });
    const broken = directoryOf(['profiles'], []);
    const ports = memoryPorts([account], broken);
    await ports.store.runs.markBaselined([account.subscriptionId]);
    let events = 0;
    const audit = async (): Promise<void> => {
      const cause = {
        kind: 'event',
        id: `e${String((events += 1))}`,
        actor: { kind: 'unknown', objectId: null },
      } as const;
      await auditAccount(account.id, cause, auto, ports);
      await dispatchOutbox(ports);
      ports.world.now += 60_000;
    };
    await audit();
    const [first] = await Array.fromAsync(ports.store.jobs.list());
    if (first === undefined) throw new Error('No job was stored');
    expect(await remediate(first.job.jobId, auto, ports)).toMatchObject({ state: 'done' });
    await audit();
    const { action, target } = first.job.plan;
    await ports.records.setLatest(action, target.id, { jobId: undoneBy, undoOf: first.job.jobId, at: ports.now() });
    ports.world.directory = broken;

    await audit();

    const jobs = await Array.fromAsync(ports.store.jobs.list());
    expect(jobs.map(({ state, job }) => [state, job.approvalRequired]).toSorted()).toEqual([
      ['awaiting-approval', true],
      ['done', false],
    ]);
    // Nobody mends it until somebody decides, and the finding does not say so.
    expect(ports.store.all()).toMatchObject([{ state: 'open', repair: null, episode: 2 }]);
  });
});

describe('After an undo', () => {
  const auto = { 'add-cloud-group-tag': 'auto' } as const;

  /** Taken back, found again, and planned once more to run by itself. */
  async function again() {
    const { broken, ports, ask, run, job } = await done('add-cloud-group-tag');
    await run((await ask()).job.jobId);
    const next = await storedJob(broken, ports, 2);
    expect([ports.writes.length, next.approvalRequired]).toEqual([2, false]);
    return { broken, ports, run, job, next };
  }

  it('the next job for the same waits for a person, whatever the mode says', async () => {
    const { broken, ports, run, next } = await again();
    expect(broken.settings.remediation).toEqual(auto);

    expect(await run(next.jobId)).toMatchObject({
      state: 'awaiting-approval',
      reason: expect.stringMatching(/taken back/) as unknown,
    });

    expect(ports.writes).toHaveLength(2);
    const waiting = await jobNow(next.jobId, ports);
    expect([waiting.state, waiting.job.approvalRequired]).toEqual(['awaiting-approval', true]);
    const view = await viewJob(next.jobId, broken.settings, { ...ports, makers: () => Promise.resolve(null) });
    expect(view?.held).toEqual([expect.stringMatching(/taken back at .* whatever the mode/)]);
  });

  it('it is done once a person approves it, and the one after that runs by itself again', async () => {
    const { broken, ports, run, next } = await again();
    const start = ports.tenant;
    await run(next.jobId);
    await approve((await jobNow(next.jobId, ports)).job, broken, ports);
    expect(await run(next.jobId)).toMatchObject({ state: 'done' });

    ports.tenant = start;
    const third = await storedJob(broken, ports, 3);
    expect(await run(third.jobId)).toMatchObject({ state: 'done' });
    expect(ports.writes).toHaveLength(4);
  });

  it('it is refused while the record of what was written last cannot be read', async () => {
    const { ports, run, next } = await again();
    Object.assign(ports, { records: { ...ports.records, latest: () => Promise.reject(new Error('No answer')) } });

    await expect(run(next.jobId)).rejects.toThrow('No answer');
    expect(ports.writes).toHaveLength(2);
  });

  it('brakes count the undo as a write of its own', async () => {
    const { ports } = await again();

    expect(ports.braked().writes).toHaveLength(2);
    const write = { action: 'add-cloud-group-tag', key: 'other#1', isUndo: false };
    const brakes = { ...settings().brakes, writesPerHourPerAction: 2 };
    expect(await takeBrakesOff(write, brakes, ports.brakes, ports.now())).toMatchObject({ kind: 'later' });
  });
});
