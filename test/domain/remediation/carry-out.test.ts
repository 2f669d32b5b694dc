import { describe, expect, it } from 'vitest';
import { CallPutOff, CallRefused } from '../../../domain/remediation/call-failure.ts';
import { claimMs } from '../../../domain/remediation/job-progress.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { undoJob } from '../../../domain/remediation/undo-job.ts';
import { undoRiskOf } from '../../../domain/remediation/undo-risk.ts';
import { guid } from '../build.ts';
import { Crash } from '../faults.ts';
import { apply } from './apply-plan.ts';
import { brokenWorlds } from './broken-worlds.ts';
import { approve, jobNow, storedJob, wirePorts, withoutEditTime } from './wire-ports.ts';

describe.each(brokenWorlds.map((broken) => [broken.action, broken] as const))('The action %s', (action, broken) => {
  async function ready() {
    const ports = wirePorts(broken);
    const start = ports.tenant;
    const job = await storedJob(broken, ports);
    await approve(job, broken, ports);
    ports.faults.arm(-1, 'before');
    return { ports, job, start, run: () => remediate(job.jobId, broken.settings, ports) };
  }

  it('does what its plan says and nothing else, and records both values', async () => {
    const { ports, job, start, run } = await ready();

    expect(await run()).toEqual({ state: 'done', reason: null });

    expect(withoutEditTime(ports.tenant)).toEqual(withoutEditTime(apply(start, job.plan).after));
    expect(ports.writes).toEqual(job.plan.calls.map(({ method, url }) => `${method} ${url}`));
    const { report } = await jobNow(job.jobId, ports);
    expect(report?.before).not.toEqual(report?.after);
    expect(ports.sent.results).toEqual([{ jobId: job.jobId, outcome: 'done', reason: null }]);
    expect(ports.sent.work.map(({ work }) => work.kind)).toContain(
      broken.findingId.startsWith('-/') ? 'tenant-rule' : 'account',
    );
  });

  it('writes once however often its message comes', async () => {
    const { ports, run } = await ready();
    await run();

    expect(await run()).toMatchObject({ state: 'already-settled' });
    expect(ports.writes).toHaveLength(1);
  });

  it('writes once when two consumers take it', async () => {
    const { ports, run } = await ready();

    const both = await Promise.all([run(), run()]);

    expect(both.map(({ state }) => state).toSorted()).toEqual(['claimed-elsewhere', 'done']);
    expect(ports.writes).toHaveLength(1);
  });

  it.each(['read', 'execute'] as const)(
    'is left alone by another consumer that comes right before the first has it %s',
    async (step) => {
      const { ports, job, run } = await ready();
      const { executor } = ports;
      const others: unknown[] = [];
      const interrupted: typeof executor = {
        ...executor,
        [step]: async (call: Parameters<typeof executor.execute>[0]) => {
          if (others.length === 0) {
            others.push(null);
            others[0] = await run();
          }
          return executor[step](call);
        },
      };
      Object.assign(ports, { executor: interrupted });

      expect(await run()).toMatchObject({ state: 'done' });
      expect(others).toEqual([{ state: 'claimed-elsewhere', reason: null }]);
      expect(ports.writes).toHaveLength(1);
      // It comes back when nobody can be at work any more.
      expect(ports.sent.again[0]).toEqual({ jobId: job.jobId, at: ports.world.now + claimMs });
    },
  );

  it('is refused, planned anew and put aside when somebody changed the object before', async () => {
    const { ports, job, run } = await ready();
    broken.meddle(ports.tenant);

    expect(await run()).toMatchObject({ state: 'refused' });
    expect(ports.writes).toEqual([]);
    expect(ports.sent.work.map(({ work }) => work.kind)).toContain('plan-repair');
    expect(ports.sent.rejected).toMatchObject([{ source: 'remediation-jobs' }]);
    expect((await jobNow(job.jobId, ports)).state).toBe('refused');
  });

  it('is refused when somebody changed the object after it was planned again, and before the last read', async () => {
    const { ports, run } = await ready();
    const { executor } = ports;
    const meddling: typeof executor = {
      ...executor,
      read: (call) => {
        broken.meddle(ports.tenant);
        return executor.read(call);
      },
    };
    Object.assign(ports, { executor: meddling });

    expect(await run()).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/not as it was planned/) as unknown,
    });
    expect(ports.writes).toEqual([]);
  });

  it('fails, stops and has a finding opened with both values when somebody changes the object in the last instant', async () => {
    const { ports, job, run } = await ready();
    ports.hooks.after = () => {
      broken.meddle(ports.tenant);
    };

    expect(await run()).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/at the same time/) as unknown,
    });

    expect(ports.braked().actions[broken.action]?.stopped).toMatchObject({ jobIds: [job.jobId] });
    const collisions = ports.sent.work.flatMap(({ work }) => (work.kind === 'collision' ? [work.collision] : []));
    expect(collisions).toMatchObject([{ jobId: job.jobId, action: broken.action, cleared: false }]);
    expect(Object.keys(collisions[0]?.wanted ?? {})).not.toEqual([]);
    expect(collisions[0]?.wanted).not.toEqual(collisions[0]?.found);
    expect((await jobNow(job.jobId, ports)).report?.before).not.toBeNull();
  });

  it('does not write again when it crashed between the write and the record, and the record catches up', async () => {
    const { ports, job, start, run } = await ready();
    ports.hooks.after = () => {
      throw new Crash('after the write');
    };
    await expect(run()).rejects.toThrow(Crash);
    ports.hooks.after = () => undefined;

    expect(await run()).toMatchObject({ state: 'done' });
    expect(ports.writes).toHaveLength(1);
    const { report } = await jobNow(job.jobId, ports);
    expect(report?.before).not.toBeNull();
    expect(withoutEditTime(ports.tenant)).toEqual(withoutEditTime(apply(start, job.plan).after));
  });

  it('writes exactly once wherever it crashes', async () => {
    const whole = await ready();
    whole.ports.faults.arm(-1, 'before');
    await whole.run();
    const steps = whole.ports.faults.calls();
    expect(steps).toBeGreaterThan(8);

    for (let at = 0; at < steps; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const { ports, job, run } = await ready();
        ports.faults.arm(at, when);
        await expect(run(), `${when} call ${String(at)}`).rejects.toThrow(Crash);
        let ended = await run();
        for (let waits = 0; waits < 3 && ended.state !== 'done' && ended.state !== 'already-settled'; waits += 1) {
          ports.world.now = Math.max(ports.world.now, ...ports.sent.again.map((again) => again.at));
          ended = await run();
        }
        expect((await jobNow(job.jobId, ports)).state, `${when} call ${String(at)}`).toBe('done');
        expect(ports.writes, `${when} call ${String(at)}`).toHaveLength(1);
      }
    }
  });

  it('waits as long as a throttled service asks, and then goes on', async () => {
    const { ports, job, run } = await ready();
    ports.hooks.before = () => {
      throw new CallPutOff('answered 429', 90_000, false);
    };

    expect(await run()).toMatchObject({ state: 'put-off' });
    expect(ports.sent.again).toEqual([{ jobId: job.jobId, at: ports.world.now + 90_000 }]);
    expect(ports.writes).toEqual([]);

    ports.hooks.before = () => undefined;
    ports.world.now += 90_000;
    expect(await run()).toMatchObject({ state: 'done' });
    expect(ports.writes).toHaveLength(1);
  });

  it('does not write again after a write that nobody saw answered, and that was made', async () => {
    const { ports, run } = await ready();
    ports.hooks.after = () => {
      throw new CallPutOff('got no answer', null, true);
    };

    expect(await run()).toMatchObject({ state: 'put-off' });
    ports.hooks.after = () => undefined;
    ports.world.now += claimMs;
    expect(await run()).toMatchObject({ state: 'done' });
    expect(ports.writes).toHaveLength(1);
  });

  it('gives up on a service that never takes it, and says so', async () => {
    const { ports, run } = await ready();
    ports.hooks.before = () => {
      throw new CallPutOff('answered 503', null, false);
    };
    let ended = await run();
    for (let tries = 0; tries < 20 && ended.state === 'put-off'; tries += 1) {
      ports.world.now = Math.max(...ports.sent.again.map(({ at }) => at));
      ended = await run();
    }

    expect(ended).toMatchObject({ state: 'failed', reason: expect.stringMatching(/7 times.*503/) as unknown });
    expect(ports.braked().actions[broken.action]?.failures).toHaveLength(1);
  });

  it('names the permission that it lacks', async () => {
    const { ports, job, run } = await ready();
    ports.hooks.before = () => {
      throw new CallRefused('answered 403', 403);
    };

    const { state, reason } = await run();

    expect([state, reason]).toEqual(['failed', expect.stringContaining(job.plan.calls[0]?.permission ?? '?')]);
    expect(ports.sent.rejected).toEqual([{ source: 'remediation-jobs', reason }]);
    expect(ports.sent.work.map(({ work }) => work.kind)).not.toContain('plan-repair');
  });

  it('fails when what it is to write is deleted in the last instant', async () => {
    const { ports, run } = await ready();
    ports.hooks.before = () => {
      throw new CallRefused('answered 404', 404);
    };

    expect(await run()).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/not there any more/) as unknown,
    });
    expect(ports.writes).toEqual([]);
  });

  it('waits, with growing pauses, while the directory still shows the value before', async () => {
    const { ports, job, run } = await ready();
    const { executor } = ports;
    const stale = ports.tenant;
    let replicated = false;
    const lagging: typeof executor = {
      ...executor,
      read: async (call) => {
        const now = ports.tenant;
        if (!replicated) ports.tenant = stale;
        const found = await executor.read(call);
        ports.tenant = now;
        return found;
      },
    };
    Object.assign(ports, { executor: lagging });

    expect(await run()).toMatchObject({ state: 'put-off' });
    const { state, progress } = await jobNow(job.jobId, ports);
    expect([state, progress?.verifyAfter]).toEqual(['running', ports.world.now + 15_000]);
    ports.world.now += 15_000;
    expect(await run()).toMatchObject({ state: 'put-off' });
    expect(ports.sent.again.at(-1)).toEqual({ jobId: job.jobId, at: ports.world.now + 30_000 });

    replicated = true;
    ports.world.now += 30_000;
    expect(await run()).toMatchObject({ state: 'done' });
    expect(ports.writes).toHaveLength(1);
  });

  it('mends the same fault again when it comes back the same day', async () => {
    const { ports, start, run } = await ready();
    await run();
    ports.tenant = start;
    ports.world.now += 5 * 60_000;

    const second = await storedJob(broken, ports, 2);
    await approve(second, broken, ports);
    expect(await remediate(second.jobId, broken.settings, ports)).toMatchObject({ state: 'done' });
    expect(ports.writes).toHaveLength(2);
  });

  it('waits where it makes what another job made just now, which Entra may not show yet', async () => {
    const { ports, start, run } = await ready();
    await run();
    ports.tenant = start;
    ports.world.now += 60_000;
    const second = await storedJob(broken, ports, 2);
    await approve(second, broken, ports);
    const makes = second.plan.calls.some(({ method }) => method === 'POST');

    expect([makes, action]).toEqual([action === 'grant-consent', action]);
    expect(await remediate(second.jobId, broken.settings, ports)).toMatchObject({ state: makes ? 'put-off' : 'done' });
    expect(ports.writes).toHaveLength(makes ? 1 : 2);
  });

  it('is refused when somebody wrote another plan into its row', async () => {
    const { ports, job } = await ready();
    const stored = await jobNow(job.jobId, ports);
    const calls = job.plan.calls.map((call) => ({ ...call, body: { ...call.body, displayName: 'Taken over' } }));
    await ports.store.jobs.move({ ...stored, job: { ...job, plan: { ...job.plan, calls } } }, 'queued', null);

    expect(await remediate(job.jobId, broken.settings, ports)).toMatchObject({ state: 'refused' });
    expect(ports.writes).toEqual([]);
  });

  it('is taken back by its undo, which waits for another person where it has to', async () => {
    const { ports, job, start, run } = await ready();
    await run();

    const undo = await undoJob(job.jobId, guid(0x0d0), ports);
    expect(undo.state).toBe(undoRiskOf(broken.action) === 'safe' ? 'queued' : 'awaiting-approval');
    expect((await undoJob(job.jobId, guid(0x0d0), ports)).job.jobId).toBe(undo.job.jobId);
    await approve(undo.job, broken, ports);
    expect(await remediate(undo.job.jobId, broken.settings, ports)).toMatchObject({ state: 'done' });

    expect(withoutEditTime(ports.tenant)).toEqual(withoutEditTime(start));
    expect((await jobNow(job.jobId, ports)).state).toBe('undone');
    expect(ports.writes).toHaveLength(2);
  });

  it('may be asked to be taken back once more after that was approved: nothing is sent without the approval', async () => {
    const { ports, job, run } = await ready();
    await run();
    const undo = await undoJob(job.jobId, guid(0x0d0), ports);
    await approve(undo.job, broken, ports);
    const sent: string[] = [];
    const messages: typeof ports.messages = {
      ...ports.messages,
      job: ({ jobId }) => Promise.resolve(void sent.push(jobId)),
    };

    expect((await undoJob(job.jobId, guid(0x0d0), { ...ports, messages })).state).toBe('queued');
    expect(sent).toEqual(undoRiskOf(broken.action) === 'safe' ? [undo.job.jobId] : []);
  });

  it('is not taken back when the value is not the one it wrote any more', async () => {
    const { ports, job, run } = await ready();
    await run();
    const undo = await undoJob(job.jobId, guid(0x0d0), ports);
    await approve(undo.job, broken, ports);
    broken.meddle(ports.tenant);

    expect(await remediate(undo.job.jobId, broken.settings, ports)).toMatchObject({ state: 'refused' });
    expect((await jobNow(job.jobId, ports)).state).toBe('done');
    expect(ports.writes).toHaveLength(1);
  });
});
