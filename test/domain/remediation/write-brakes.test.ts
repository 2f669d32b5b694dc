import { describe, expect, it } from 'vitest';
import type { BrakeSettings } from '../../../domain/model/settings.ts';
import { type BrakeState, BrakeUnreadable, noBrakes as none } from '../../../domain/remediation/brakes.ts';
import { notBegun } from '../../../domain/remediation/job-progress.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { brakeOn, takeBrakesOff } from '../../../domain/remediation/write-brakes.ts';
import { now, settings } from '../build.ts';
import { createMemoryRemediation } from '../memory-remediation.ts';
import { brokenWorlds, type BrokenWorld } from './broken-worlds.ts';
import { jobNow, storedJob, wirePorts } from './wire-ports.ts';

const hour = 3_600_000;
const write = { action: 'grant-consent', key: 'job#1', isUndo: false };

function brakes(over: Partial<BrakeSettings> = {}): BrakeSettings {
  return { ...settings().brakes, ...over };
}

function written(count: number, action = 'grant-consent') {
  return Array.from({ length: count }, (_, index) => ({
    action,
    at: now - hour + 1 + index,
    key: `${action}${String(index)}`,
  }));
}

describe('The brakes', () => {
  it('are off where nothing is set', () => {
    expect(brakeOn(write, brakes(), none, now)).toBeNull();
  });

  const killSwitch = { on: true, by: 'o1', at: now, reason: 'Incident 7' };
  const stopped = { failures: [], stopped: { at: now, reason: '3 jobs failed', jobIds: ['j'] }, counted: [] };
  it.each<[string, Partial<BrakeSettings>, Partial<BrakeState>, RegExp]>([
    ['the kill switch of the settings', { killSwitch: true }, {}, /kill switch/],
    ['the kill switch of the store', {}, { killSwitch }, /^o1 switched all writes off at 2026-11-21T12:00:00.000Z$/],
    ['an action that stopped', {}, { actions: { 'grant-consent': stopped } }, /3 jobs failed/],
  ])('refuse for %s', (_, over, state, why) => {
    expect(brakeOn(write, brakes(over), { ...none, ...state }, now)).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(why) as unknown,
    });
  });

  it('let another action go on than the one that stopped, and put an undo of it off until a person releases it', () => {
    const state = { ...none, actions: { 'grant-consent': stopped } };

    expect(brakeOn({ ...write, action: 'add-missing-scopes' }, brakes(), state, now)).toBeNull();
    expect(brakeOn({ ...write, isUndo: true }, brakes(), state, now)).toMatchObject({
      kind: 'later',
      at: now + 600_000,
    });
  });

  it('put an undo off while the kill switch is on, and do not refuse it', () => {
    expect(brakeOn({ ...write, isUndo: true }, brakes(), { ...none, killSwitch }, now)).toMatchObject({
      kind: 'later',
    });
  });

  it('put a write off until the oldest of the hour has aged, per action', () => {
    const limits = brakes({ writesPerHourPerAction: 3, writesPerHour: 10 });

    expect(brakeOn(write, limits, { ...none, writes: written(2) }, now)).toBeNull();
    expect(brakeOn(write, limits, { ...none, writes: written(3) }, now)).toMatchObject({ kind: 'later', at: now + 1 });
    expect(brakeOn(write, limits, { ...none, writes: written(3, 'add-missing-scopes') }, now)).toBeNull();
  });

  it('put a write off over all actions together', () => {
    const limits = brakes({ writesPerHourPerAction: 3, writesPerHour: 4 });
    const writes = [...written(2, 'add-missing-scopes'), ...written(2, 'add-cloud-group-tag')];

    expect(brakeOn(write, limits, { ...none, writes }, now)).toMatchObject({ kind: 'later' });
  });

  // `now` is noon, UTC.
  it.each([
    [12 * 60, 13 * 60, now + hour],
    [11 * 60, 12 * 60, null],
    [12 * 60 + 1, 13 * 60, null],
    [22 * 60, 12 * 60 + 30, now + hour / 2],
    [22 * 60, 6 * 60, null],
  ])('keep quiet from minute %i to %i of the day', (from, to, until) => {
    const hindrance = brakeOn(write, brakes({ quietHours: [{ from, to }] }), none, now);

    expect(hindrance).toEqual(until === null ? null : { kind: 'later', why: 'Quiet hours', at: until });
  });

  it('count a write once, however often it is tried, and forget it after an hour', async () => {
    const memory = createMemoryRemediation();
    const limits = brakes({ writesPerHourPerAction: 1 });

    expect(await takeBrakesOff(write, limits, memory.brakes, now)).toBeNull();
    expect(await takeBrakesOff(write, limits, memory.brakes, now)).toBeNull();
    expect(await takeBrakesOff({ ...write, key: 'other' }, limits, memory.brakes, now)).toMatchObject({
      kind: 'later',
    });
    expect(await takeBrakesOff({ ...write, key: 'other' }, limits, memory.brakes, now + hour)).toBeNull();
  });

  it('count a write that was put off from when it was tried last, not first', async () => {
    const memory = createMemoryRemediation();
    const limits = brakes({ writesPerHourPerAction: 1 });
    await takeBrakesOff(write, limits, memory.brakes, now);
    // The service asked for half an hour; then it is written.
    expect(await takeBrakesOff(write, limits, memory.brakes, now + hour / 2)).toBeNull();

    const other = { ...write, key: 'other' };
    expect(await takeBrakesOff(other, limits, memory.brakes, now + hour)).toMatchObject({ at: now + 1.5 * hour });
    expect(await takeBrakesOff(other, limits, memory.brakes, now + 1.5 * hour)).toBeNull();
  });

  it('see a kill switch that is pulled between their read and their count', async () => {
    const memory = createMemoryRemediation();
    let pulled = false;
    const store = {
      ...memory.brakes,
      replace: async (state: BrakeState, version: string | null) => {
        if (!pulled) {
          pulled = true;
          await memory.brakes.replace({ ...none, killSwitch }, version);
        }
        return memory.brakes.replace(state, version);
      },
    };

    expect(await takeBrakesOff(write, brakes(), store, now)).toMatchObject({ kind: 'refused' });
  });

  it('count as on when they cannot be read', async () => {
    const store = {
      read: () => Promise.reject(new BrakeUnreadable('torn')),
      replace: () => Promise.reject(new Error('never')),
    };

    expect(await takeBrakesOff(write, brakes(), store, now)).toEqual({ kind: 'refused', why: 'torn' });
  });
});

describe('A job', () => {
  const broken = first();

  async function ready(over: Partial<BrakeSettings>) {
    const given = { ...broken.settings, brakes: brakes(over) };
    const ports = wirePorts({ ...broken, settings: given });
    const job = await storedJob({ ...broken, settings: given }, ports);
    return { ports, job, run: () => remediate(job.jobId, given, ports) };
  }

  it('is refused, and nothing is written, while the kill switch is on', async () => {
    const { ports, run } = await ready({ killSwitch: true });

    expect(await run()).toMatchObject({ state: 'refused' });
    expect(ports.writes).toEqual([]);
    expect(ports.sent.rejected).toHaveLength(1);
  });

  it('waits for the end of quiet hours, and goes on then', async () => {
    const { ports, job, run } = await ready({ quietHours: [{ from: 11 * 60, to: 13 * 60 }] });

    expect(await run()).toEqual({ state: 'put-off', reason: 'Quiet hours' });
    expect((await jobNow(job.jobId, ports)).state).toBe('queued');
    expect(ports.sent.again).toEqual([{ jobId: job.jobId, at: now + hour }]);
    ports.world.now += hour;
    expect(await run()).toMatchObject({ state: 'done' });
  });

  it('outside of the scope is refused', async () => {
    const { ports, run } = await ready({});
    ports.world.seen = [];

    expect(await run()).toMatchObject({ state: 'refused', reason: expect.stringMatching(/outside/) as unknown });
    expect(ports.writes).toEqual([]);
  });

  it('writes nothing when the kill switch is pulled while it reads what is there', async () => {
    const { ports, job, run } = await ready({});
    const { executor, brakes: store } = ports;
    const pulled = { on: true, by: 'o1', at: now, reason: 'Incident 7' };
    const reading = {
      ...ports,
      executor: {
        ...executor,
        read: async (call: Parameters<typeof executor.read>[0]) => {
          const { state, version } = await store.read();
          await store.replace({ ...state, killSwitch: pulled }, version);
          return executor.read(call);
        },
      },
    };

    expect(await remediate(job.jobId, { ...broken.settings, brakes: brakes() }, reading)).toMatchObject({
      state: 'refused',
      reason: 'o1 switched all writes off at 2026-11-21T12:00:00.000Z',
    });
    expect(ports.writes).toEqual([]);
    // What a person wrote stays with the brakes.
    const told = [await jobNow(job.jobId, ports), ports.sent.rejected, ports.sent.results];
    expect(ports.sent.rejected).toHaveLength(1);
    expect(JSON.stringify(told)).not.toContain('Incident 7');
    // It never wrote: there is nothing to take back.
    expect((await jobNow(job.jobId, ports)).progress?.write).toBeNull();
    expect(await run()).toMatchObject({ state: 'already-settled' });
  });

  it('that crashed after its claim is refused once it has expired', async () => {
    const { ports, job, run } = await ready({});
    const claimed = { ...notBegun, claimedUntil: now + 1 };
    await ports.jobs.move(await jobNow(job.jobId, ports), 'running', null, claimed);
    ports.world.now = job.expiresAt;

    expect(await run()).toMatchObject({ state: 'refused', reason: expect.stringMatching(/expired/) as unknown });
    expect(ports.writes).toEqual([]);
  });
});

function first(): BrokenWorld {
  const [broken] = brokenWorlds;
  if (broken === undefined) throw new Error('No action');
  return broken;
}
