import { describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { dispatchOutbox, dispatchPartition } from '../../../domain/audit/dispatch-outbox.ts';
import type { Effect, OutboxEntry } from '../../../domain/audit/ports.ts';
import type { ActionMode } from '../../../domain/model/settings.ts';
import type { RemediationJob } from '../../../domain/remediation/job.ts';
import { guid, settings } from '../build.ts';
import { directoryOf, kerberosAccount } from '../estate.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const one = kerberosAccount('one', 2);
const two = kerberosAccount('two', 3);
const cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } } as const;

/** Consent is missing on both accounts; both findings, their alerts and jobs are stored. */
async function stored(mode: ActionMode = 'auto'): Promise<MemoryPorts> {
  const ports = memoryPorts([one, two], directoryOf(['one', 'two'], []));
  await ports.store.runs.markBaselined([guid(2), guid(3)]);
  for (const { id } of [one, two])
    await auditAccount(id, cause, settings({ remediation: { 'grant-consent': mode } }), ports);
  return ports;
}

/** The names of the calls that change something, in order. */
function recording(ports: MemoryPorts): { readonly ports: MemoryPorts; readonly calls: string[] } {
  const calls: string[] = [];
  const noted =
    <T extends unknown[], R>(name: string, call: (...given: T) => R) =>
    (...given: T): R => {
      calls.push(name);
      return call(...given);
    };
  const { history, jobs, messages, outbox } = ports;
  return {
    calls,
    ports: {
      ...ports,
      history: { ...history, append: noted('history', history.append.bind(history)) },
      jobs: { ...jobs, insert: noted('job stored', jobs.insert.bind(jobs)) },
      messages: {
        ...messages,
        job: noted('job sent', messages.job.bind(messages)),
        alert: noted('alert sent', messages.alert.bind(messages)),
      },
      outbox: { ...outbox, entries: outbox.entries.bind(outbox), remove: noted('removed', outbox.remove.bind(outbox)) },
    },
  };
}

describe('Dispatching', () => {
  it('writes history, stores a job and sends it, tells, and only then removes the entry', async () => {
    const { ports, calls } = recording(await stored());

    expect(await dispatchPartition(guid(2), ports)).toEqual({ transitions: 1, jobs: 1, alerts: 1 });

    expect(calls).toEqual(['history', 'job stored', 'job sent', 'alert sent', 'removed']);
  });

  it('sends a partition once, and a second time nothing', async () => {
    const ports = await stored();
    await dispatchOutbox(ports);

    expect(await dispatchOutbox(ports)).toEqual({ transitions: 0, jobs: 0, alerts: 0 });
    expect([ports.sent.jobs.length, ports.sent.alerts.length, ports.store.appended().length]).toEqual([2, 2, 2]);
    expect(ports.store.unsent()).toEqual([]);
  });

  it('stores a job that needs an approval and does not send it', async () => {
    const ports = await stored('approve');
    await dispatchOutbox(ports);

    expect((await Array.fromAsync(ports.store.jobs.list())).map(({ state }) => state)).toEqual([
      'awaiting-approval',
      'awaiting-approval',
    ]);
    expect(ports.sent.jobs).toEqual([]);
  });

  it('sends a job as it is stored, where one of the same id was stored before', async () => {
    const ports = await stored();
    const insert = ports.store.jobs.insert.bind(ports.store.jobs);
    const jobs = { ...ports.jobs, insert: (job: RemediationJob) => insert({ ...job, correlationId: 'earlier' }) };
    await dispatchOutbox({ ...ports, jobs });

    expect(ports.sent.jobs.map(({ correlationId }) => correlationId)).toEqual(['earlier', 'earlier']);
  });

  it('keeps a young marker, which may stand for a commit on its way, and takes an old one away', async () => {
    const ports = await stored();
    await dispatchOutbox(ports);
    expect(await ports.store.outbox.partitions()).toHaveLength(2);

    ports.world.now += 10 * 60_000;
    await dispatchOutbox(ports);
    expect(await ports.store.outbox.partitions()).toHaveLength(2);

    ports.world.now += 1;
    await dispatchOutbox(ports);
    expect(await ports.store.outbox.partitions()).toEqual([]);
  });

  it('keeps a marker that was set anew while the partition was sent', async () => {
    const ports = await stored();
    ports.world.now += 11 * 60_000;
    const partitions = await ports.store.outbox.partitions();
    ports.world.directory = directoryOf(['one', 'two']);
    await auditAccount(one.id, cause, settings(), ports);
    const outbox: typeof ports.outbox = { ...ports.store.outbox, partitions: () => Promise.resolve(partitions) };

    await dispatchOutbox({ ...ports, outbox });

    // The account's findings, and what is to be asked about the change: neither is sent yet.
    const left = (await ports.store.outbox.partitions()).map(({ partition }) => partition);
    expect(left.toSorted()).toEqual(['-', guid(2)]);
  });

  it('does not let a partition that fails hold up another, and says that it failed', async () => {
    const ports = await stored();
    ports.world.now += 11 * 60_000;
    const alert: typeof ports.messages.alert = (given) =>
      given.accounts[0]?.name === 'one' ? Promise.reject(new Error('The broker is away')) : ports.messages.alert(given);

    const dispatching = dispatchOutbox({ ...ports, messages: { ...ports.messages, alert } });

    await expect(dispatching).rejects.toThrow(/1 outbox partitions could not be sent/);
    await expect(dispatching).rejects.toMatchObject({
      errors: [expect.objectContaining({ message: 'The broker is away' })],
    });
    expect(ports.sent.alerts.map(({ accounts }) => accounts[0]?.name)).toEqual(['two']);
    expect(ports.store.unsent()).toEqual([expect.stringContaining(one.key)]);
    expect((await ports.store.outbox.partitions()).map(({ partition }) => partition)).toEqual([guid(2)]);

    await dispatchOutbox(ports);
    expect(ports.sent.alerts.map(({ accounts }) => accounts[0]?.name)).toEqual(['two', 'one']);
  });

  it('sends what lies behind an entry that can never be sent, which stays and is told of', async () => {
    const ports = await stored();
    const ofNewerVersion = { kind: 'carrier-pigeon' } as unknown as Effect;
    async function* entries(partition: string): AsyncGenerator<OutboxEntry> {
      yield { key: 'o~0', transition: null, effects: [ofNewerVersion] };
      yield* ports.store.outbox.entries(partition);
    }

    const dispatching = dispatchPartition(guid(2), { ...ports, outbox: { ...ports.store.outbox, entries } });

    await expect(dispatching).rejects.toThrow(/carrier-pigeon/);
    expect(ports.sent.alerts.map(({ accounts }) => accounts[0]?.name)).toEqual(['one']);
    expect(ports.store.unsent().filter((key) => key.includes(one.key))).toEqual([]);
  });

  it('gives a partition up for now when one entry after another fails', async () => {
    const ports = await stored();
    let tried = 0;
    async function* entries(): AsyncGenerator<OutboxEntry> {
      await Promise.resolve();
      for (let number = 0; number < 100; number += 1) {
        tried += 1;
        yield { key: `o~${String(number)}`, transition: null, effects: [{ kind: 'alert', alert } as never] };
      }
    }
    const alert = (): Promise<never> => Promise.reject(new Error('The broker is away'));
    const broken = { ...ports, outbox: { ...ports.store.outbox, entries }, messages: { ...ports.messages, alert } };

    await expect(dispatchPartition(guid(2), broken)).rejects.toThrow(/5 entries .* they stay stored/);
    expect(tried).toBe(5);
  });
});
