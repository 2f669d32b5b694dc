import { describe, expect, it } from 'vitest';
import { recordFailure, recordSuccess, stopAction } from '../../../domain/remediation/action-brakes.ts';
import { releaseAction } from '../../../domain/remediation/release-action.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { guid, now, settings } from '../build.ts';
import { createMemoryRemediation } from '../memory-remediation.ts';
import { brokenWorlds } from './broken-worlds.ts';
import { jobNow, storedJob, wirePorts } from './wire-ports.ts';

const person = guid(0xb1);

describe('An action', () => {
  const { brakes } = settings();

  function counting() {
    const memory = createMemoryRemediation();
    const job = (jobId: string) => ({ action: 'a', jobId, attempt: 1 });
    return {
      stopped: () => memory.braked().actions['a']?.stopped ?? null,
      fails: (jobId: string) => recordFailure(job(jobId), brakes, memory.brakes, now),
      works: () => recordSuccess('a', memory.brakes),
      collides: (jobId: string) => stopAction(job(jobId), { at: now, reason: 'met somebody' }, memory.brakes),
      release: () =>
        releaseAction('a', person, {
          brakes: memory.brakes,
          now: () => now,
          jobs: { ...wirePorts(first()).jobs, find: () => Promise.resolve(null) },
          messages: wirePorts(first()).messages,
        }),
      acts: () => memory.braked().acts,
    };
  }

  it('stops after so many failures in a row, each job counted once', async () => {
    const { fails, works, stopped } = counting();
    for (const jobId of ['1', '1', '2']) await fails(jobId);
    expect(stopped()).toBeNull();
    await works();
    for (const jobId of ['3', '4']) await fails(jobId);
    expect(stopped()).toBeNull();
    await fails('5');

    expect(stopped()).toMatchObject({ jobIds: ['5'] });
  });

  it('counts no failure again that is told again after one that worked', async () => {
    const { fails, works, stopped } = counting();
    for (const jobId of ['1', '2']) await fails(jobId);
    await works();
    for (const jobId of ['1', '2', '3']) await fails(jobId);

    expect(stopped()).toBeNull();
  });

  it('is not stopped again by a collision that is told again after a person released it', async () => {
    const { collides, release, stopped, acts } = counting();
    await collides('1');
    expect(await release()).toBe(true);
    await collides('1');

    expect(stopped()).toBeNull();
    expect(await release()).toBe(false);
    expect(acts()).toEqual([{ what: 'release', action: 'a', by: person, at: now, reason: null }]);
  });

  it('keeps every job that met somebody while it is stopped', async () => {
    const { collides, stopped } = counting();
    for (const jobId of ['1', '2', '1']) await collides(jobId);

    expect(stopped()).toMatchObject({ jobIds: ['1', '2'] });
  });
});

describe('An action that a collision stopped', () => {
  async function collided() {
    const broken = first();
    const ports = wirePorts(broken);
    const job = await storedJob(broken, ports);
    const run = () => remediate(job.jobId, broken.settings, ports);
    ports.hooks.after = () => {
      broken.meddle(ports.tenant);
    };
    await run();
    const collisions = () => ports.sent.work.flatMap(({ work }) => (work.kind === 'collision' ? [work.collision] : []));
    return { ports, job, run, collisions };
  }

  it('runs again once a person releases it, and the finding is closed', async () => {
    const { ports, job, collisions } = await collided();
    const { action } = job.plan;

    expect(await releaseAction(action, person, ports)).toBe(true);
    expect(await releaseAction(action, person, ports)).toBe(false);
    expect(ports.braked().actions[action]).toMatchObject({ failures: [], stopped: null });
    expect(collisions().map(({ cleared }) => cleared)).toEqual([false, true]);
  });

  it('stays released though the message of that job comes once more, whose news is older than the release', async () => {
    const { ports, job, run, collisions } = await collided();
    ports.world.now += 10 * 60_000;
    await releaseAction(job.plan.action, person, ports);

    expect(await run()).toMatchObject({ state: 'already-settled' });
    expect(ports.braked().actions[job.plan.action]?.stopped).toBeNull();
    const [first, released, again] = collisions();
    expect(released?.at).toBe(ports.world.now);
    expect(again?.at).toBe(first?.at);
    expect((await jobNow(job.jobId, ports)).state).toBe('failed');
  });
});

function first() {
  const [broken] = brokenWorlds;
  if (broken === undefined) throw new Error('No action');
  return broken;
}
