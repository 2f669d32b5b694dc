import { describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { JobUnreadable } from '../../../domain/audit/ports.ts';
import type { Cause } from '../../../domain/findings/finding.ts';
import { isSettled } from '../../../domain/remediation/job.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { day, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { distinct, memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const profiles = kerberosAccount('profiles');
const given = settings({ rules: onlyRules('consent-granted'), remediation: { 'grant-consent': 'auto' } });

async function look(ports: MemoryPorts, cause: Partial<Cause> = {}, by = given): Promise<void> {
  await auditAccount(
    profiles.id,
    { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null }, ...cause },
    by,
    ports,
  );
  await dispatchOutbox(ports);
}

/** An account without consent whose repair is queued; nobody takes the message. */
async function queued(by = given): Promise<MemoryPorts> {
  const ports = memoryPorts([profiles], directoryOf(['profiles'], []));
  await ports.store.runs.markBaselined([profiles.subscriptionId, '-']);
  await look(ports, {}, by);
  return ports;
}

async function dayLater(ports: MemoryPorts, cause: Partial<Cause> = {}, by = given): Promise<void> {
  ports.world.now += day + 1;
  await look(ports, cause, by);
}

/** The same rule at a severity that leaves room for worse. */
const mild = settings({
  rules: { ...onlyRules('consent-granted'), 'consent-granted': { enabled: true, severity: 'low', thresholds: {} } },
  remediation: { 'grant-consent': 'auto' },
});

describe('A job that nobody carried out in its time', () => {
  it('is made anew by the next audit that sees the fault: another attempt, another row, another message', async () => {
    const ports = await queued();
    await dayLater(ports);

    expect(ports.sent.jobs.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(distinct(ports.sent).jobs).toHaveLength(2);
    expect(await Array.fromAsync(ports.store.jobs.list('queued'))).toHaveLength(2);
    expect(ports.store.all()).toMatchObject([
      { state: 'remediating', episode: 1, repair: { jobId: ports.sent.jobs[1]?.jobId, attempt: 2 } },
    ]);
    expect(ports.store.appended().map(({ kind, after }) => [kind, after.state])).toEqual([
      ['opened', 'remediating'],
      ['lapsed', 'remediating'],
    ]);
  });

  it('mends the fault when somebody takes the new one; the first is refused, for it has expired', async () => {
    const ports = await queued();
    await dayLater(ports);
    const [first, second] = ports.sent.jobs.map(({ jobId }) => jobId);

    expect(await remediate(first ?? '', given, ports)).toMatchObject({ state: 'refused' });
    expect(await remediate(second ?? '', given, ports)).toEqual({ state: 'done', reason: null });
    expect(ports.world.executed).toHaveLength(1);
  });

  it('is not made anew before it has expired', async () => {
    const ports = await queued();
    ports.world.now += day;
    await look(ports);

    expect(ports.sent.jobs).toHaveLength(1);
    expect(ports.store.all()).toMatchObject([{ state: 'remediating' }]);
  });

  it('waits for a person after the third', async () => {
    const ports = await queued();
    for (let days = 0; days < 5; days += 1) await dayLater(ports);

    expect(ports.sent.jobs.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(ports.store.all()).toMatchObject([{ state: 'open', repair: null }]);
  });
});

describe('What is told of a job that nobody carried out', () => {
  it('is nothing new while it is made anew: the fault was told when it opened, and no repair has failed', async () => {
    const ports = await queued();
    for (let days = 0; days < 2; days += 1) await dayLater(ports);

    expect(ports.sent.alerts.map(({ transition }) => transition)).toEqual(['opened']);
    expect(ports.store.appended().map(({ kind }) => kind)).toEqual(['opened', 'lapsed', 'lapsed']);
  });

  it('is told once when the third has lapsed, with the reason, and not again in the nights after', async () => {
    const ports = await queued();
    for (let days = 0; days < 6; days += 1) await dayLater(ports);

    expect(ports.store.appended().map(({ kind }) => kind)).toEqual(['opened', 'lapsed', 'lapsed', 'given-up']);
    expect(ports.sent.alerts).toHaveLength(2);
    expect(ports.sent.alerts[1]).toMatchObject({
      transition: 'reopened',
      findingIds: ['profiles/consent-granted'],
      title: expect.stringMatching(/^Not repaired, nobody carried out the job in 3 attempts: /) as string,
    });
  });

  it('is the same where it was taken after its end and refused for that, and its verification looked first', async () => {
    const ports = await queued();
    const [{ jobId } = { jobId: '' }] = ports.sent.jobs;
    ports.world.now += day + 1;
    expect(await remediate(jobId, given, ports)).toMatchObject({ state: 'refused' });
    await look(ports, { kind: 'verification', id: jobId });

    expect(ports.store.all()).toMatchObject([{ state: 'remediating', repair: { attempt: 2 } }]);
    expect(ports.sent.alerts).toHaveLength(1);
  });
});

describe('A fault that gets worse', () => {
  it('after three lapsed attempts gets a fourth, which somebody can carry out', async () => {
    const ports = await queued(mild);
    for (let days = 0; days < 4; days += 1) await dayLater(ports, {}, mild);
    expect(ports.store.all()).toMatchObject([{ state: 'open', repairAttempts: 3 }]);
    ports.world.now += 1000;
    await look(ports);

    expect(ports.sent.jobs.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    const [finding] = ports.store.all();
    expect(finding).toMatchObject({ state: 'remediating', repair: { jobId: ports.sent.jobs[3]?.jobId } });
    expect(await remediate(finding?.repair?.jobId ?? '', given, ports)).toEqual({ state: 'done', reason: null });
  });

  it('after a repair without effect gets another job, not the settled one', async () => {
    const ports = await queued(mild);
    const [{ jobId } = { jobId: '' }] = ports.sent.jobs;
    const withoutEffect = { ...ports, executor: { ...ports.executor, execute: () => Promise.resolve(null) } };
    // What was written may show late: it is looked for again and again before the job has failed.
    while (!isSettled((await ports.store.jobs.find(jobId))?.state ?? 'failed')) {
      await remediate(jobId, mild, withoutEffect);
      ports.world.now += 10 * 60_000;
    }
    ports.world.now += 1;
    await look(ports, { kind: 'verification', id: jobId }, mild);
    await look(ports);

    expect(ports.sent.jobs.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(ports.store.all()).toMatchObject([{ state: 'remediating', repair: { attempt: 2 } }]);
  });

  it('while its job is on its way for the same plan is mended by that one', async () => {
    const ports = await queued(mild);
    const [before] = ports.store.all();
    ports.world.now += 1;
    await look(ports);

    expect(ports.sent.jobs).toHaveLength(1);
    expect(ports.store.all()).toMatchObject([{ state: 'remediating', severity: 'critical', repair: before?.repair }]);
  });

  it('in its next episode counts from one again', async () => {
    const ports = await queued();
    await dayLater(ports);
    ports.world.directory = directoryOf(['profiles']);
    ports.world.now += 1;
    await look(ports);
    ports.world.directory = directoryOf(['profiles'], []);
    ports.world.now += 1;
    await look(ports);

    expect(ports.sent.jobs.map(({ attempt }) => attempt)).toEqual([1, 2, 1]);
    expect(ports.store.all()).toMatchObject([{ episode: 2, repairAttempts: 1 }]);
  });
});

describe('A job whose row cannot be read', () => {
  it('does not hold up the audit, and is not taken for one that nobody carried out', async () => {
    const ports = await queued();
    const jobs = { ...ports.jobs, find: () => Promise.reject(new JobUnreadable('Row j of table jobs is no job')) };
    ports.world.now += day + 1;
    await look({ ...ports, jobs });

    expect(ports.store.appended().map(({ kind }) => kind)).toEqual(['opened', 'unrepaired']);
    expect(ports.sent.jobs).toHaveLength(1);
  });
});

describe('A job that somebody took up', () => {
  it('is not made anew where it was done without effect, though its verification comes after its end', async () => {
    const ports = await queued();
    const [{ jobId } = { jobId: '' }] = ports.sent.jobs;
    const executor = { ...ports.executor, execute: () => Promise.resolve(null) };
    await remediate(jobId, given, { ...ports, executor });
    await dayLater(ports, { kind: 'verification', id: jobId });

    expect(ports.sent.jobs).toHaveLength(1);
    expect(ports.store.all()).toMatchObject([{ state: 'open' }]);
    expect(ports.sent.alerts.map(({ transition }) => transition)).toEqual(['opened', 'reopened']);
  });

  it('is not made anew where it was refused in its time, though the verification of that was lost', async () => {
    const ports = await queued();
    const [{ jobId } = { jobId: '' }] = ports.sent.jobs;
    const off = settings({ rules: onlyRules('consent-granted'), remediation: { 'grant-consent': 'off' } });
    expect(await remediate(jobId, off, ports)).toMatchObject({ state: 'refused' });
    await dayLater(ports);

    expect(ports.sent.jobs).toHaveLength(1);
    expect(ports.store.all()).toMatchObject([{ state: 'open' }]);
  });
});

describe('A job that was carried out and did not help', () => {
  it('is not made anew', async () => {
    const ports = await queued();
    const [{ jobId } = { jobId: '' }] = ports.sent.jobs;
    let written = false;
    const executor: typeof ports.executor = {
      // Seen right after the write, and gone when the audit looks.
      read: async (call) => (written ? { value: [call.body] } : ports.executor.read(call)),
      execute: () => {
        written = true;
        return Promise.resolve(null);
      },
    };
    expect(await remediate(jobId, given, { ...ports, executor })).toMatchObject({ state: 'done' });
    ports.world.now += 1;
    await look(ports, { kind: 'verification', id: jobId });

    expect(ports.store.all()).toMatchObject([{ state: 'open' }]);
    expect(ports.sent.jobs).toHaveLength(1);
  });
});
