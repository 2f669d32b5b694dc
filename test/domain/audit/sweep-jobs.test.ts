import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import type { JobDelivery, StoredJob } from '../../../domain/audit/ports.ts';
import { repairJobs } from '../../../domain/audit/sweep-jobs.ts';
import { isSettled } from '../../../domain/remediation/job.ts';
import { claimMs, notBegun } from '../../../domain/remediation/job-progress.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { Crash } from '../faults.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const minute = 60_000;
const hour = 60 * minute;
const profiles = kerberosAccount('profiles');
const given = (mode: 'approve' | 'auto') =>
  settings({ rules: onlyRules('consent-granted'), remediation: { 'grant-consent': mode } });

/** An account without consent whose job is stored; nobody takes its message. */
async function queued(mode: 'approve' | 'auto' = 'auto'): Promise<MemoryPorts> {
  const ports = memoryPorts([profiles], directoryOf(['profiles'], []));
  await ports.store.runs.markBaselined([profiles.subscriptionId, '-']);
  const cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } } as const;
  await auditAccount(profiles.id, cause, given(mode), ports);
  await dispatchOutbox(ports);
  return ports;
}

async function onlyJob(ports: MemoryPorts): Promise<StoredJob> {
  const [stored] = await Array.fromAsync(ports.store.jobs.list());
  if (stored === undefined) throw new Error('No job was stored');
  return stored;
}

async function sweepAt(ports: MemoryPorts, at: number): Promise<readonly string[]> {
  ports.world.now = at;
  return repairJobs(ports);
}

function numbers(ports: MemoryPorts): readonly number[] {
  return ports.sent.resent.map(({ number }) => number);
}

/** Somebody took the job and died, before the write or when it may have been made. */
async function taken(ports: MemoryPorts, wrote: boolean): Promise<StoredJob> {
  const stored = await onlyJob(ports);
  const at = ports.world.now;
  const write = wrote ? { before: { value: [] }, intendedAt: at, takenAt: null, answer: null, after: null } : null;
  const moved = await ports.store.jobs.move(stored, 'running', null, {
    ...notBegun,
    claimedUntil: at + claimMs,
    write,
  });
  if (moved === null) throw new Error('Somebody else moved it');
  return moved;
}

describe('The message of a job that nobody takes', () => {
  it('is sent three times more, each under a number of its own and later than the one before, and no more', async () => {
    const ports = await queued();
    const { createdAt } = (await onlyJob(ports)).job;
    const sent: number[] = [];
    for (let at = createdAt; at < createdAt + 20 * hour; at += 10 * minute) {
      if ((await sweepAt(ports, at)).length > 0) sent.push(at - createdAt);
    }

    expect(sent).toEqual([40 * minute, 2 * hour + 10 * minute, 6 * hour + 10 * minute]);
    expect(numbers(ports)).toEqual([1, 2, 3]);
  });

  it('is not sent within half an hour, nor when the job has expired', async () => {
    const ports = await queued();
    const { createdAt, expiresAt } = (await onlyJob(ports)).job;

    expect(await sweepAt(ports, createdAt + 30 * minute)).toEqual([]);
    expect(await sweepAt(ports, expiresAt)).toEqual([]);
    expect(await sweepAt(ports, expiresAt - 1)).toHaveLength(1);
  });

  it('is not sent while the job was put off to a later time, whose message is on its way', async () => {
    const ports = await queued();
    const stored = await onlyJob(ports);
    const comesBackAt = ports.world.now + 8 * hour;
    await ports.store.jobs.move(stored, 'queued', null, { ...notBegun, comesBackAt });

    expect(await sweepAt(ports, comesBackAt + 30 * minute)).toEqual([]);
    expect(await sweepAt(ports, comesBackAt + 31 * minute)).toHaveLength(1);
  });

  it('goes with the approval, half an hour after that; one that nobody approved is not sent', async () => {
    const ports = await queued('approve');
    const stored = await onlyJob(ports);
    await ports.store.jobs.move(stored, 'queued', null);
    const sent: (JobDelivery | undefined)[] = [];
    const messages = {
      ...ports.messages,
      job: (_: unknown, delivery?: JobDelivery) => Promise.resolve(void sent.push(delivery)),
    };
    ports.world.now += 31 * minute;
    await repairJobs({ ...ports, messages });
    expect(sent).toEqual([]);

    const { jobId, attempt } = stored.job;
    const at = ports.world.now;
    const decided = { jobId, attempt, planDigest: 'd', decision: 'approved', by: 'jo', at, note: null } as const;
    await ports.approvals.decide({ ...decided, expiresAt: at + hour });
    await repairJobs({ ...ports, messages });
    expect(sent).toEqual([]);
    ports.world.now += 31 * minute;
    await repairJobs({ ...ports, messages });
    expect(sent).toMatchObject([{ approval: { by: 'jo' }, resent: 1 }]);
  });

  it('is told once, where a person approved the job and nobody took it in half a day', async () => {
    const ports = await queued('approve');
    const stored = await onlyJob(ports);
    await ports.store.jobs.move(stored, 'queued', null);
    const { jobId, attempt } = stored.job;
    const { now } = ports.world;
    const decided = { jobId, attempt, planDigest: 'd', decision: 'approved', by: 'jo', at: now, note: null } as const;
    await ports.approvals.decide({ ...decided, expiresAt: now + hour });
    const told = ports.sent.alerts.length;
    for (let at = now; at < now + 2 * 24 * hour; at += 30 * minute) await sweepAt(ports, at);
    await dispatchOutbox(ports);

    expect(ports.sent.alerts.slice(told)).toMatchObject([
      {
        id: `job/${jobId}/1/left`,
        transition: 'summary',
        severity: 'high',
        findingIds: ['profiles/consent-granted'],
        title: expect.stringContaining('was approved, and nobody has taken it') as string,
      },
    ]);
  });
});

describe('A job that somebody took and left', () => {
  it.each([false, true])(
    'is sent again when the claim is over for half an hour; it may have written: %s',
    async (wrote) => {
      const ports = await queued();
      const stored = await taken(ports, wrote);
      const claimEnds = ports.world.now + claimMs;

      expect(await sweepAt(ports, claimEnds + 30 * minute)).toEqual([]);
      expect(await sweepAt(ports, claimEnds + 31 * minute)).toEqual([
        `Job ${stored.job.jobId}: its message was sent once more, since nobody had gone on with it`,
      ]);
      expect(await remediate(stored.job.jobId, given('auto'), ports)).toEqual({ state: 'done', reason: null });
      expect(ports.world.executed).toHaveLength(1);
    },
  );

  it('is sent again even when it has expired, since it may have written', async () => {
    const ports = await queued();
    const { job } = await taken(ports, true);

    expect(await sweepAt(ports, job.expiresAt + hour)).toHaveLength(1);
  });

  it('is told once, with what may be wrong, where all that was in vain', async () => {
    const ports = await queued();
    const { job } = await taken(ports, true);
    const told = ports.sent.alerts.length;
    const from = ports.world.now;
    for (let at = from; at < from + 3 * 24 * hour; at += 30 * minute) await sweepAt(ports, at);
    await dispatchOutbox(ports);

    expect(numbers(ports)).toEqual([1, 2, 3]);
    expect(ports.sent.alerts.slice(told)).toMatchObject([
      { id: `job/${job.jobId}/1/left`, title: expect.stringContaining('may have written') as string },
    ]);
  });

  it('sends the same message again where it crashed before that was written down', async () => {
    const ports = await queued();
    const at = ports.world.now + 31 * minute;
    const sweeps = { ...ports.sweeps, mark: () => Promise.reject(new Crash('crashed')) };
    ports.world.now = at;
    await expect(repairJobs({ ...ports, sweeps })).rejects.toBeInstanceOf(Crash);
    await repairJobs(ports);

    expect(numbers(ports)).toEqual([1, 1]);
  });
});

/** Messages as a broker holds them that drops an id that it has seen; any may be lost on its way. */
interface Held {
  readonly id: string;
  readonly dueAt: number;
}

const step = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ kind: fc.constant('sweep' as const) }),
  fc.record({ kind: fc.constant('lose' as const), which: fc.nat(5) }),
  fc.record({
    kind: fc.constant('take' as const),
    which: fc.nat(5),
    twice: fc.boolean(),
    crash: fc.option(fc.record({ at: fc.nat(25), when: fc.constantFrom('before' as const, 'after' as const) })),
  }),
);

describe('Whatever becomes of its messages', () => {
  it('a job has one effect at most, and is settled once somebody is there to take what the sweep sends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const ports = await queued();
        const { jobId, expiresAt } = (await onlyJob(ports)).job;
        const seen = new Set<string>(['first']);
        const held: Held[] = [{ id: 'first', dueAt: 0 }];
        ports.messages.job = (_job, { againAt, resent } = {}) => {
          const id = `${String(againAt)} ${String(resent)}`;
          if (!seen.has(id)) held.push({ id, dueAt: againAt ?? 0 });
          seen.add(id);
          return Promise.resolve();
        };
        const execute = ports.executor.execute.bind(ports.executor);
        let writes = 0;
        ports.executor.execute = async (call) => {
          try {
            const answer = await execute(call);
            writes += 1;
            return answer;
          } catch (error) {
            // Whoever crashed before the call wrote nothing.
            if (!(error instanceof Crash && error.message.startsWith('before'))) writes += 1;
            throw error;
          }
        };
        const due = (which: number): Held | undefined => {
          const ready = held.filter(({ dueAt }) => dueAt <= ports.world.now);
          return ready[which % Math.max(1, ready.length)];
        };
        const remove = (one: Held): void => {
          if (held.includes(one)) held.splice(held.indexOf(one), 1);
        };
        const take = async (one: Held): Promise<void> => {
          try {
            await remediate(jobId, given('auto'), ports);
            remove(one);
          } catch (error) {
            // It comes again.
            if (!(error instanceof Crash)) throw error;
          }
        };
        for (const one of steps) {
          if (one.kind === 'wait') ports.world.now += one.minutes * minute;
          else if (one.kind === 'sweep') await repairJobs(ports);
          else {
            const message = due(one.which);
            if (message === undefined) continue;
            if (one.kind === 'lose') remove(message);
            else {
              if (one.crash !== null) ports.faults.arm(one.crash.at, one.crash.when);
              await Promise.all([take(message), ...(one.twice ? [take(message)] : [])]);
              ports.faults.arm(Infinity, 'before');
            }
          }
        }
        const wasSwept = ports.sent.resent.length;
        for (let turn = 0; turn < 60; turn += 1) {
          for (const message of [...held]) if (message.dueAt <= ports.world.now) await take(message);
          ports.world.now += 30 * minute;
          await repairJobs(ports);
        }
        const { state } = await onlyJob(ports);
        const mayLapse = state === 'queued' && ports.world.now >= expiresAt;
        expect(writes).toBeLessThanOrEqual(1);
        expect(isSettled(state) || mayLapse || wasSwept >= 3, state).toBe(true);
        if (isSettled(state)) expect(state === 'done').toBe(writes === 1);
      }),
      { numRuns: 150 },
    );
  });
});
