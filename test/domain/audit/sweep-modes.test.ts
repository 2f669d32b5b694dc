import { beforeEach, describe, expect, it } from 'vitest';
import { acknowledge } from '../../../domain/audit/acknowledge.ts';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { markRepairing } from '../../../domain/audit/mark-repairing.ts';
import { planSwitchedOn } from '../../../domain/audit/sweep-modes.ts';
import type { ActionMode } from '../../../domain/model/settings.ts';
import { planRepair } from '../../../domain/remediation/plan-repair.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { day, guid, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { Crash } from '../faults.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const accounts = ['profiles', 'homes'].map((name) => kerberosAccount(name));
const given = (mode: ActionMode) =>
  settings({ rules: onlyRules('consent-granted'), remediation: { 'grant-consent': mode } });

const sam = { kind: 'user', objectId: guid(0x71) } as const;

let ports: MemoryPorts;
beforeEach(async () => {
  await estate();
  for (const { jobId } of ports.sent.jobs) await remediate(jobId, given('dry-run'), ports);
  ports.world.now += day;
});

/** Two accounts without consent, whose jobs are dry runs unless the action is in another mode, or it is their first audit. */
async function estate(isBaselined = true, mode: ActionMode = 'dry-run'): Promise<void> {
  ports = memoryPorts(accounts, directoryOf(['profiles', 'homes'], []));
  if (isBaselined) await ports.store.runs.markBaselined([accounts[0]?.subscriptionId ?? '', '-']);
  await look(mode);
}

async function look(mode: ActionMode): Promise<void> {
  for (const { id } of accounts) {
    const cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } } as const;
    await auditAccount(id, cause, given(mode), ports);
  }
  await dispatchOutbox(ports);
}

/** Sweeps, and does what comes of it. @returns how much was queued */
async function sweep(mode: ActionMode): Promise<number> {
  ports.sent.work.length = 0;
  await planSwitchedOn(given(mode), ports);
  const queued = [...ports.sent.work];
  for (const { work } of queued) if (work.kind === 'plan-repair') await planRepair(work, given(mode), ports);
  await dispatchOutbox(ports);
  for (const { work } of ports.sent.work) if (work.kind === 'repair-queued') await markRepairing(work.jobId, ports);
  await dispatchOutbox(ports);
  return queued.length;
}

async function jobsOf() {
  return (await Array.fromAsync(ports.store.jobs.list())).map(({ job, state }) => [
    job.accounts[0]?.name,
    job.attempt,
    state,
  ]);
}

const dryRuns = [
  ['profiles', 1, 'dry-run'],
  ['homes', 1, 'dry-run'],
];

describe('An action that is switched on after its dry runs', () => {
  it('has what they were for planned in earnest, and its findings are being mended where it waits for nobody', async () => {
    expect(await sweep('auto')).toBe(2);

    expect((await jobsOf()).sort()).toEqual([...dryRuns, ['profiles', 2, 'queued'], ['homes', 2, 'queued']].sort());
    expect(ports.store.all().map(({ state }) => state)).toEqual(['remediating', 'remediating']);
  });

  it('waits for a person where it is to be approved, and its findings stay open', async () => {
    await sweep('approve');

    expect((await jobsOf()).filter(([, , state]) => state === 'awaiting-approval')).toHaveLength(2);
    expect(ports.store.all().map(({ state }) => state)).toEqual(['open', 'open']);
  });

  it('is planned once for each change of its mode, and a sweep without one writes nothing', async () => {
    await sweep('approve');
    const before = [ports.store.commits.attempted, await jobsOf()];
    ports.world.now += day;

    expect(await sweep('approve')).toBe(0);
    expect([ports.store.commits.attempted, await jobsOf()]).toEqual(before);
    expect(await sweep('auto')).toBe(2);
    expect(await sweep('auto')).toBe(0);
  });

  it('gets no job for a finding that is closed by now', async () => {
    ports.world.directory = directoryOf(['profiles', 'homes'], ['homes']);
    await look('auto');
    await sweep('auto');

    expect((await jobsOf()).filter(([, attempt]) => attempt === 2)).toEqual([['profiles', 2, 'queued']]);
  });

  it('is planned where nobody ever took the dry runs, since no remediator was there', async () => {
    await estate();
    ports.world.now += day;
    expect((await jobsOf()).map(([, , state]) => state)).toEqual(['queued', 'queued']);
    expect(await sweep('auto')).toBe(2);

    expect((await jobsOf()).filter(([, attempt]) => attempt === 2)).toHaveLength(2);
  });

  it('is queued again as the same messages where a crash came before that was written down', async () => {
    const sweeps = { ...ports.sweeps, mark: () => Promise.reject(new Crash('crashed')) };
    ports.sent.work.length = 0;
    await expect(planSwitchedOn(given('auto'), { ...ports, sweeps })).rejects.toBeInstanceOf(Crash);
    await planSwitchedOn(given('auto'), ports);

    expect(ports.sent.work).toHaveLength(4);
    expect(new Set(ports.sent.work.map(({ messageId }) => messageId)).size).toBe(2);
  });
});

describe('An action that is switched on while findings are open that never had a job', () => {
  const waiting = [
    ['homes', 1, 'awaiting-approval'],
    ['profiles', 1, 'awaiting-approval'],
  ];

  it.each<[string, boolean, ActionMode]>([
    ['opened by the first audit', false, 'approve'],
    ['opened while it was off', true, 'off'],
  ])('has them planned, once: those %s', async (_, isBaselined, before) => {
    await estate(isBaselined, before);
    expect(await jobsOf()).toEqual([]);
    ports.world.now += day;
    if (!isBaselined) await ports.store.runs.markBaselined([accounts[0]?.subscriptionId ?? '', '-']);

    expect(await sweep('approve')).toBe(2);
    expect((await jobsOf()).sort()).toEqual(waiting);
    expect(await sweep('approve')).toBe(0);
  });

  it('has those planned that a person knows of, and none that is waived', async () => {
    await estate(true, 'off');
    const ids = ports.store.all().map(({ id }) => id);
    await acknowledge({ findingId: ids[0] ?? '', note: 'Known', by: sam }, ports);
    const [stored] = await ports.findings.find(ids[1] ?? '');
    if (stored === undefined) throw new Error('not stored');
    const waived = { ...stored.finding, state: 'waived' } as const;
    const commit = { finding: waived, version: stored.version, transition: null, effects: [] };
    await ports.findings.commit(accounts[0]?.subscriptionId ?? '', [commit]);
    ports.world.now += day;

    expect(await sweep('approve')).toBe(1);
  });

  it('has them planned anew when it was off between, and again comes of it only what is not there yet', async () => {
    await estate(true, 'off');
    ports.world.now += day;
    await sweep('approve');
    await sweep('off');

    expect(await sweep('approve')).toBe(2);
    expect((await jobsOf()).sort()).toEqual(waiting);
  });
});

describe('An action that is off, or a dry run still', () => {
  it.each<ActionMode>(['off', 'dry-run'])('has nothing planned, and no finding is even read: %s', async (mode) => {
    const findings = {
      list: (): never => {
        throw new Error('Was read');
      },
    };

    expect(await planSwitchedOn(given(mode), { ...ports, findings })).toEqual([]);
  });
});
