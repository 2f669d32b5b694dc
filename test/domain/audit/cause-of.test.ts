import { describe, expect, it } from 'vitest';
import { causeOf } from '../../../domain/audit/cause-of.ts';
import { noRequests, type Run } from '../../../domain/audit/run.ts';
import type { Actor, Cause } from '../../../domain/findings/finding.ts';
import { guid, now, settings, tenantId } from '../build.ts';
import type { JobState } from '../../../domain/remediation/job.ts';
import { job } from '../../infra/azure/samples.ts';
import { kerberosAccount } from '../estate.ts';
import { memoryInbox } from '../memory-inbox.ts';
import { memoryPorts } from '../memory-ports.ts';

const account = kerberosAccount('profiles');
const watch = settings({ watch: { debounceSeconds: 30 } });
const nobody: Actor = { kind: 'unknown', objectId: null };
const ada: Actor = { kind: 'user', objectId: guid(1) };
const bob: Actor = { kind: 'user', objectId: guid(2) };

function run(startedAt: number): Run {
  const accounts = { seen: 1, inScope: 1 };
  return {
    id: 'r',
    tenantId,
    startedAt,
    finishedAt: null,
    shards: 1,
    gaps: [],
    requests: noRequests,
    accounts,
    tally: null,
  };
}

function ports() {
  const memory = memoryPorts([account]);
  memory.world.now = now + 60_000;
  return { ...memory, inbox: memoryInbox() };
}

type Ports = ReturnType<typeof ports>;

async function came(all: Ports, eventId: string, at: number | null, actor: Actor): Promise<void> {
  await all.inbox.take(account.key, { eventId, at, receivedAt: (at ?? now) + 500, actor });
}

const cause = (id: string, actor: Actor): Cause => ({ kind: 'event', id, actor });
const told = (all: Ports, given: Cause) => causeOf(given, account.id, watch, all);

describe('Who changed an account', () => {
  it('is who every event since the last read claims, and they are all named', async () => {
    const all = ports();
    await all.accountReads.record(account.subscriptionId, account.key, now);
    await came(all, 'e2', now + 2_000, ada);
    await came(all, 'e1', now + 1_000, ada);

    expect(await told(all, cause('e2', ada))).toEqual({
      kind: 'event',
      id: 'e2',
      actor: ada,
      events: {
        ids: ['e1', 'e2'],
        changedAt: now + 1_000,
        receivedAt: now + 1_500,
        dueAt: now + 30_000,
      },
    });
  });

  it('is nobody where two events name different people', async () => {
    const all = ports();
    await came(all, 'e1', now + 1_000, ada);
    await came(all, 'e2', now + 2_000, bob);

    expect(await told(all, cause('e1', ada))).toMatchObject({ actor: nobody, events: { ids: ['e1', 'e2'] } });
  });

  it.each([
    [
      'the account was read on its own since',
      (all: Ports) => all.accountReads.record(account.subscriptionId, account.key, now),
    ],
    ['a run was begun since', (all: Ports) => all.runs.start(run(now), [])],
  ])('is nobody where the event is late: %s', async (_, read) => {
    const all = ports();
    await came(all, 'late', now - 1, ada);
    await read(all);

    expect(await told(all, cause('late', ada))).toEqual({ kind: 'event', id: 'late', actor: nobody });
  });

  it('is who the current events name, though a late one of somebody else comes with them', async () => {
    const all = ports();
    await all.accountReads.record(account.subscriptionId, account.key, now);
    await came(all, 'late', now - 1, bob);
    await came(all, 'e1', now + 1, ada);

    expect(await told(all, cause('late', bob))).toMatchObject({ id: 'late', actor: ada, events: { ids: ['e1'] } });
  });

  it.each([
    ['has no time', null],
    ['is of a time to come', now + 24 * 60 * 60_000],
  ])('is nobody where the event %s', async (_, at) => {
    const all = ports();
    await came(all, 'e1', at, ada);

    expect(await told(all, cause('e1', ada))).toEqual({ kind: 'event', id: 'e1', actor: nobody });
  });

  it('is told though this clock is a little behind that of the event', async () => {
    const all = ports();
    await came(all, 'e1', all.world.now + 60_000, ada);

    expect(await told(all, cause('e1', ada))).toMatchObject({ actor: ada });
  });

  it('is taken from the message where the inbox could not keep the event', async () => {
    const all = ports();
    await all.accountReads.record(account.subscriptionId, account.key, now);
    const events = { ids: ['e1'], changedAt: now + 1, receivedAt: now + 2, dueAt: now + 3 };

    expect(await told(all, { ...cause('e1', ada), events })).toEqual({ ...cause('e1', ada), events });
    expect(await told(all, { ...cause('e1', ada), events: { ...events, changedAt: now } })).toEqual(
      cause('e1', nobody),
    );
  });

  it('names the youngest twenty of many events, and nobody where there are too many to look at', async () => {
    const all = ports();
    for (let number = 1; number <= 500; number += 1) await came(all, `e${String(number)}`, now + number, ada);
    const many = await told(all, cause('e1', ada));
    await came(all, 'e501', now + 501, ada);

    expect(many.actor).toEqual(ada);
    expect([many.events?.ids.length, many.events?.ids.at(-1)]).toEqual([20, 'e500']);
    expect(await told(all, cause('e1', ada))).toEqual(cause('e1', nobody));
  });

  it('is named however many events are dated in the future, which anybody can forge', async () => {
    const all = ports();
    for (let index = 0; index < 501; index += 1) await came(all, `f${String(index)}`, now + 86_400_000, bob);
    await came(all, 'e1', now + 1, ada);

    expect(await told(all, cause('e1', ada))).toMatchObject({ actor: ada, events: { ids: ['e1'] } });
  });

  it('is not asked for what no event caused', async () => {
    const all = ports();
    await came(all, 'e1', now + 1, ada);
    const watch: Cause = { kind: 'watch', id: 'w1', actor: nobody };

    expect(await told(all, watch)).toBe(watch);
  });
});

describe('Whose repair is verified', () => {
  const forged: Cause = { kind: 'verification', id: job().jobId, actor: bob };
  const report = { at: now, reason: null, before: null, after: null, actor: guid(3) };

  /** The job of the samples, about this account unless another is named. */
  async function withJob(state: JobState, id = account.id.toUpperCase()): Promise<Ports> {
    const all = ports();
    await all.jobs.insert({ ...job(), accounts: [{ id, name: 'profiles' }] });
    const stored = await all.jobs.find(forged.id);
    if (stored !== null && state !== 'queued') await all.jobs.move(stored, state, report);
    return all;
  }

  it('is told by the stored job, whatever the message says', async () => {
    expect(await told(await withJob('done'), forged)).toEqual({
      kind: 'verification',
      id: forged.id,
      actor: { kind: 'application', objectId: guid(3) },
    });
  });

  it.each(['refused', 'failed', 'undone'] as const)('is nobody’s where the job is %s', async (state) => {
    expect(await told(await withJob(state), forged)).toEqual({ kind: 'verification', id: forged.id, actor: nobody });
  });

  it.each([
    ['a job that nobody has carried out yet', () => withJob('queued')],
    ['a job that is under way', () => withJob('running')],
    ['a dry run', () => withJob('dry-run')],
    ['a job of another account', () => withJob('done', kerberosAccount('homes').id)],
    ['a job that is not stored', () => Promise.resolve(ports())],
  ])('is none where the message names %s: a hint to look, as any event', async (_, made) => {
    expect(await told(await made(), forged)).toEqual({ kind: 'event', id: forged.id, actor: nobody });
  });
});
