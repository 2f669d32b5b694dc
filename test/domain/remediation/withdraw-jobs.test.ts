import { describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { markRepairing } from '../../../domain/audit/mark-repairing.ts';
import type { StoredJob } from '../../../domain/audit/ports.ts';
import type { Finding } from '../../../domain/findings/finding.ts';
import { collected } from '../../../domain/model/collection.ts';
import type { ActionMode, Settings } from '../../../domain/model/settings.ts';
import { approveJob } from '../../../domain/remediation/approval.ts';
import type { JobState, RemediationJob } from '../../../domain/remediation/job.ts';
import { planRepair } from '../../../domain/remediation/plan-repair.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { undoJob } from '../../../domain/remediation/undo-job.ts';
import { withdrawJobs } from '../../../domain/remediation/withdraw-jobs.ts';
import { planDigest } from '../../../domain/remediation/same-plan.ts';
import { day, gap, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { Crash } from '../faults.ts';
import { memoryPorts, type MemoryPorts, remediator } from '../memory-ports.ts';

const account = kerberosAccount('profiles');
const cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } } as const;

function mode(action: ActionMode): Settings {
  return settings({ rules: onlyRules('consent-granted'), remediation: { 'grant-consent': action } });
}

/** A job for the missing consent that is stored; nothing else is left in the queues. */
async function planned(action: ActionMode = 'approve'): Promise<MemoryPorts> {
  const ports = memoryPorts([account], directoryOf(['profiles'], []));
  await ports.store.runs.markBaselined([account.subscriptionId]);
  await auditAccount(account.id, cause, mode(action), ports);
  await dispatchOutbox(ports);
  ports.sent.work.length = 0;
  ports.world.now += 3_600_000;
  return ports;
}

async function onlyJob(ports: MemoryPorts): Promise<StoredJob> {
  const [stored] = await Array.fromAsync(ports.store.jobs.list());
  if (stored === undefined) throw new Error('No job was stored');
  return stored;
}

async function change(
  ports: MemoryPorts,
  over: Partial<Pick<Finding, 'state' | 'episode' | 'outcome'>>,
): Promise<void> {
  const [stored] = await ports.store.findings.read(account.subscriptionId, [account.key]);
  if (stored === undefined) throw new Error('No finding was stored');
  await ports.store.findings.commit(account.subscriptionId, [
    { finding: { ...stored.finding, ...over }, version: stored.version, transition: null, effects: [] },
  ]);
}

async function insertAlike(ports: MemoryPorts, over: Partial<RemediationJob>): Promise<void> {
  await ports.store.jobs.insert({ ...(await onlyJob(ports)).job, ...over });
}

/** The next pass. @returns why each job was withdrawn */
async function pass(ports: MemoryPorts, given = mode('approve')): Promise<readonly string[]> {
  return (await withdrawJobs(given, ports)).map(({ reason }) => reason);
}

function planings(ports: MemoryPorts): number {
  return ports.sent.work.filter(({ work }) => work.kind === 'plan-repair').length;
}

describe('A job that somebody may still need', () => {
  it.each<ActionMode>(['approve', 'auto'])(
    'stays as it is, and a pass writes and sends nothing: %s',
    async (action) => {
      const ports = await planned(action);
      const { version } = await onlyJob(ports);

      expect(await pass(ports, mode(action))).toEqual([]);
      expect((await onlyJob(ports)).version).toBe(version);
      expect(ports.sent.work).toEqual([]);
    },
  );

  it.each<[string, (ports: MemoryPorts) => Promise<void>]>([
    ['its finding is acknowledged', (ports) => change(ports, { state: 'acknowledged' })],
    ['its finding is not certain just now', (ports) => change(ports, { outcome: 'unknown' })],
    ['a newer version wrote the state of its finding', (ports) => change(ports, { state: 'parked' as never })],
    [
      'the directory could not be read',
      (ports) => {
        const applications = collected([], [gap('applications')]);
        ports.world.directory = { ...ports.world.directory, applications };
        return Promise.resolve();
      },
    ],
    ['an older job is there', (ports) => insertAlike(ports, { jobId: 'older', createdAt: 1 })],
  ])('stays where %s', async (_, happens) => {
    const ports = await planned();
    await happens(ports);
    await pass(ports);

    expect((await onlyJob(ports)).state).toBe('awaiting-approval');
  });
});

describe('A job that nobody needs any more', () => {
  it.each(['waived', 'resolved', 'gone'] as const)(
    'is withdrawn where its finding is %s, with the reason and by whom, and nothing is planned anew',
    async (state) => {
      const ports = await planned();
      await change(ports, { state });

      expect(await pass(ports)).toEqual([`The finding profiles/consent-granted is ${state}`]);
      expect(await onlyJob(ports)).toMatchObject({
        state: 'withdrawn',
        report: { at: ports.world.now, reason: `The finding profiles/consent-granted is ${state}`, actor: remediator },
      });
      expect(ports.sent.work).toEqual([]);
      expect(await pass(ports)).toEqual([]);
    },
  );

  it('is withdrawn on the queue too, and its message does nothing then', async () => {
    const ports = await planned('auto');
    await change(ports, { state: 'resolved' });
    await pass(ports, mode('auto'));
    const { job } = await onlyJob(ports);

    expect(await remediate(job.jobId, mode('auto'), ports)).toMatchObject({ state: 'already-settled' });
    expect(ports.world.executed).toEqual([]);
    expect(ports.sent.results).toEqual([]);
  });

  it('is withdrawn where its finding has closed and opened again: that has a job of its own', async () => {
    const ports = await planned();
    await change(ports, { episode: 2 });

    expect(await pass(ports)).toEqual([
      'The finding profiles/consent-granted has closed since the job was planned, and opened again',
    ]);
  });

  it('is withdrawn where a younger one takes its place, which it names', async () => {
    const ports = await planned();
    await insertAlike(ports, { jobId: 'younger', attempt: 2, createdAt: ports.world.now });

    expect(await pass(ports)).toEqual(['The repair was planned anew, as job younger']);
    expect((await ports.store.jobs.find('younger'))?.state).toBe('awaiting-approval');
    expect(planings(ports)).toBe(0);
  });

  it('is withdrawn where a younger one takes its place, for which its finding waits then', async () => {
    const ports = await planned('auto');
    const { job } = await onlyJob(ports);
    expect(ports.store.all()).toMatchObject([{ state: 'remediating', repair: { jobId: job.jobId } }]);
    // Planned on its own at the same time, and so the first attempt as well.
    await insertAlike(ports, { jobId: 'younger', createdAt: ports.world.now });
    await pass(ports, mode('auto'));
    const marks = ports.sent.work.flatMap(({ work }) => (work.kind === 'repair-queued' ? [work.jobId] : []));
    for (const jobId of marks) await markRepairing(jobId, ports);

    expect(ports.store.all()).toMatchObject([{ state: 'remediating', repair: { jobId: 'younger' } }]);
  });

  it.each<[string, Partial<RemediationJob>, JobState]>([
    ['was planned for an episode before', { findings: [{ id: 'profiles/consent-granted', episode: 0 }] }, 'queued'],
    ['has ended by now', {}, 'refused'],
    ['was withdrawn', {}, 'withdrawn'],
  ])('stays where the one that was planned later %s', async (_, over, state) => {
    const ports = await planned();
    await insertAlike(ports, { ...over, jobId: 'younger', createdAt: ports.world.now });
    const younger = await ports.store.jobs.find('younger');
    if (younger === null) throw new Error('It was not stored');
    await ports.store.jobs.move(younger, state, null);
    await pass(ports);

    expect((await onlyJob(ports)).state).toBe('awaiting-approval');
  });

  it('is withdrawn where what it takes back is not done any more', async () => {
    const ports = await planned('auto');
    const { job } = await onlyJob(ports);
    await remediate(job.jobId, mode('auto'), ports);
    const undo = await undoJob(job.jobId, 'somebody', { ...ports, policy: () => Promise.resolve(null) });
    expect(await pass(ports, mode('auto'))).toEqual([]);
    const done = await onlyJob(ports);
    await ports.store.jobs.move(done, 'undone', done.report);

    expect(await pass(ports, mode('auto'))).toEqual([`Job ${job.jobId}, which it was to take back, is undone`]);
    expect((await ports.store.jobs.find(undo.job.jobId))?.state).toBe('withdrawn');
  });

  it.each(['running', 'done', 'failed', 'refused', 'undone'] as const)('is left alone that is %s', async (state) => {
    const ports = await planned();
    await ports.store.jobs.move(await onlyJob(ports), state, null);
    await change(ports, { state: 'resolved' });

    expect(await pass(ports)).toEqual([]);
  });

  it('is not approved any more by somebody who had looked at it', async () => {
    const ports = await planned();
    const { job } = await onlyJob(ports);
    await change(ports, { state: 'waived' });
    await pass(ports);
    const decision = { jobId: job.jobId, planDigest: planDigest(job.plan, ports.digest), by: 'jo', note: null };

    expect(await approveJob(decision, mode('approve'), ports)).toMatchObject({
      outcome: 'not-waiting',
      why: expect.stringContaining('it is withdrawn') as string,
    });
  });
});

describe('A job whose facts have changed', () => {
  it('is withdrawn where they give another plan, which is planned and is a job of its own', async () => {
    const ports = await planned();
    const { job } = await onlyJob(ports);
    const [other] = job.plan.calls;
    const plan = { ...job.plan, calls: [{ ...other, reads: { url: '/v1.0/other', expect: {} } }] };
    await insertAlike(ports, { jobId: 'stale', plan: plan as typeof job.plan, createdAt: ports.world.now });

    // The stale one is the younger: the first gives way to it, and it to the facts.
    expect(await pass(ports)).toEqual([
      'The repair was planned anew, as job stale',
      'The facts have changed since the job was planned, and lead to another plan',
    ]);
    const [work] = ports.sent.work.flatMap((sent) => (sent.work.kind === 'plan-repair' ? [sent.work] : []));
    if (work === undefined) throw new Error('Nothing is planned anew');
    expect(await planRepair(work, mode('approve'), ports)).toMatchObject({ outcome: 'job', job: { attempt: 2 } });
  });

  it('reads what all accounts share once, however many jobs wait', async () => {
    const ports = await planned();
    await insertAlike(ports, {
      jobId: 'other',
      findings: [{ id: 'profiles/consent-granted', episode: 1 }],
      createdAt: 1,
    });
    let reads = 0;
    const facts = {
      account: (id: string) => ports.facts.account(id),
      shared: () => {
        reads += 1;
        return ports.facts.shared();
      },
    };
    await insertAlike(ports, { jobId: 'third', plan: { ...(await onlyJob(ports)).job.plan, action: 'other' } });
    await withdrawJobs(mode('approve'), { ...ports, facts });

    expect(reads).toBe(1);
  });
});

describe('A job that was a dry run by the settings of the remediator alone', () => {
  it('is withdrawn once they switch the action on, and planned anew in earnest', async () => {
    const ports = await planned('auto');
    const { job } = await onlyJob(ports);
    await remediate(job.jobId, mode('dry-run'), ports);
    ports.sent.work.length = 0;
    expect(await pass(ports, mode('dry-run'))).toEqual([]);

    expect(await pass(ports, mode('auto'))).toEqual(['It was a dry run, and the action is switched on by now']);
    expect(planings(ports)).toBe(1);
    ports.world.now += day;
    const repair = { of: 'account', accountId: account.key, rule: 'consent-granted' } as const;
    expect(await planRepair({ repair, correlationId: 'x' }, mode('auto'), ports)).toMatchObject({
      job: { attempt: 2, dryRun: false },
    });
    expect(await pass(ports, mode('auto'))).toEqual([]);
  });
});

describe('A pass that is cut short', () => {
  it('goes on with the other jobs where one cannot be judged, and throws in the end', async () => {
    const ports = await planned();
    await insertAlike(ports, { jobId: 'aaaa', findings: [{ id: 'profiles/consent-granted', episode: 9 }] });
    const facts = {
      account: (id: string) => ports.facts.account(id),
      shared: () => Promise.reject(new Crash('crashed')),
    };

    await expect(withdrawJobs(mode('approve'), { ...ports, facts })).rejects.toThrow(/1 jobs could not be judged/);
    expect((await ports.store.jobs.find('aaaa'))?.state).toBe('withdrawn');
  });

  it('leaves nothing unplanned, wherever it crashes', async () => {
    for (let at = 0; at < 12; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const ports = await planned('auto');
        await remediate((await onlyJob(ports)).job.jobId, mode('dry-run'), ports);
        ports.sent.work.length = 0;
        ports.faults.arm(at, when);
        await withdrawJobs(mode('auto'), ports).catch(() => undefined);
        ports.faults.arm(Infinity, 'before');
        await withdrawJobs(mode('auto'), ports);

        const isPlanned = planings(ports) > 0;
        expect([(await onlyJob(ports)).state, isPlanned], `${when} ${String(at)}`).toEqual(['withdrawn', true]);
      }
    }
  });
});
