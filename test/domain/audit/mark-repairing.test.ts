import { beforeEach, describe, expect, it } from 'vitest';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { markRepairing } from '../../../domain/audit/mark-repairing.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import type { AuditWork } from '../../../domain/audit/work.ts';
import { known } from '../../../domain/model/collection.ts';
import type { ActionMode } from '../../../domain/model/settings.ts';
import type { JobState } from '../../../domain/remediation/job.ts';
import { planRepair } from '../../../domain/remediation/plan-repair.ts';
import { applications, day, guid, policy, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const rule = 'mfa-exclusion-not-orphaned';
const policyId = guid(0x100);
const gone = [guid(0x6001), guid(0x6002)];
const repair = { of: 'exclusions', policyId } as const;

function given(mode: ActionMode) {
  const remediation = { 'remove-orphaned-exclusion': mode, 'replace-dangling-exclusion': 'off' as const };
  return settings({ rules: onlyRules(rule), remediation });
}

/** The policy excludes the app of the account, and these besides. */
function excluding(ports: MemoryPorts, others: readonly string[]): void {
  const exclude = [guid(0x2000), ...others];
  const own = policy({
    applications: applications({ include: ['All'], exclude }),
    asRead: { applications: { includeApplications: ['All'], excludeApplications: exclude }, modifiedDateTime: null },
  });
  ports.world.directory = { ...ports.world.directory, conditionalAccessPolicies: known([own]) };
}

/** Two exclusions are left over, and their removal is planned; what leaves with the job has not been done. */
async function planned(mode: ActionMode): Promise<MemoryPorts> {
  const accounts = [kerberosAccount('profiles')];
  const ports = memoryPorts(accounts, directoryOf(['profiles']));
  await ports.store.runs.markBaselined([accounts[0]?.subscriptionId ?? '', '-']);
  ports.world.restorable = new Set();
  excluding(ports, gone);
  await night(ports, 'run-1', mode);
  await plan(ports, mode);
  return ports;
}

async function night(ports: MemoryPorts, runId: string, mode: ActionMode): Promise<void> {
  await planAudit(runId, given(mode), ports);
  for (const { number } of await shardsOf(ports, runId)) await auditShard(runId, number, given(mode), ports);
  await dispatchOutbox(ports);
}

async function shardsOf(ports: MemoryPorts, runId: string) {
  return (await ports.store.runs.shards(runId)).map(({ shard }) => shard);
}

async function plan(ports: MemoryPorts, mode: ActionMode): Promise<void> {
  ports.world.now += 3_600_000;
  await planRepair({ repair, correlationId: 'event-1' }, given(mode), ports);
  await dispatchOutbox(ports);
}

/** Does what was queued for the auditor since, of that kind. */
async function mark(ports: MemoryPorts): Promise<void> {
  const marks = ports.sent.work.map(({ work }) => work).filter((work) => work.kind === 'repair-queued');
  for (const { jobId } of marks) await markRepairing(jobId, ports);
  await dispatchOutbox(ports);
}

async function jobsOf(ports: MemoryPorts) {
  return Array.fromAsync(ports.store.jobs.list());
}

async function end(ports: MemoryPorts, state: JobState): Promise<void> {
  const [stored] = await jobsOf(ports);
  if (stored === undefined) throw new Error('No job was planned');
  const report = { at: ports.world.now, reason: 'Facts', before: null, after: null, actor: null };
  await ports.store.jobs.move(stored, state, report);
}

function statesOf(ports: MemoryPorts): readonly string[] {
  return ports.store.all().map(({ state }) => state);
}

describe('Findings of the tenant whose job waits for nobody', () => {
  let ports: MemoryPorts;
  beforeEach(async () => {
    ports = await planned('auto');
  });

  it('are being mended by it, each with its own transition, and nobody is told', async () => {
    expect(statesOf(ports)).toEqual(['open', 'open']);
    const told = ports.sent.alerts.length;
    await mark(ports);

    const [{ job }] = (await jobsOf(ports)) as [Awaited<ReturnType<typeof jobsOf>>[number]];
    expect(job.findings).toHaveLength(2);
    expect(ports.store.all()).toMatchObject(
      [1, 2].map(() => ({ state: 'remediating', repair: { jobId: job.jobId, expiresAt: job.expiresAt, attempt: 1 } })),
    );
    expect(ports.store.appended().map(({ kind, after }) => [kind, after.state])).toEqual([
      ['opened', 'open'],
      ['opened', 'open'],
      ['repairing', 'remediating'],
      ['repairing', 'remediating'],
    ]);
    expect(ports.sent.alerts).toHaveLength(told);
  });

  it('wait for the later attempt, which somebody made by a clock that is ahead: by this one the former has time left', async () => {
    await mark(ports);
    const [first] = await jobsOf(ports);
    if (first === undefined) throw new Error('No job was planned');
    const ahead = { ...ports, now: () => first.job.expiresAt };
    await planRepair({ repair, correlationId: 'event-2' }, given('auto'), ahead);
    await dispatchOutbox(ahead);
    ports.world.now = first.job.expiresAt - 60_000;
    await mark(ports);

    expect(ports.store.all()).toMatchObject([1, 2].map(() => ({ state: 'remediating', repair: { attempt: 2 } })));
    await markRepairing(first.job.jobId, ports);
    expect(ports.store.all()).toMatchObject([1, 2].map(() => ({ repair: { attempt: 2 } })));
  });

  it('are marked once, however often the message comes', async () => {
    await mark(ports);
    const { written } = ports.store.commits;
    await mark(ports);

    expect(ports.store.commits.written).toBe(written);
  });

  it.each<JobState>(['done', 'failed', 'refused', 'withdrawn', 'dry-run'])(
    'are left open where the job is %s before the message comes',
    async (state) => {
      await end(ports, state);
      await mark(ports);

      expect(statesOf(ports)).toEqual(['open', 'open']);
    },
  );

  it('are resolved by the night that finds them mended', async () => {
    await mark(ports);
    await end(ports, 'done');
    excluding(ports, []);
    ports.world.now += 1000;
    await night(ports, 'run-2', 'auto');

    expect(statesOf(ports)).toEqual(['resolved', 'resolved']);
  });

  it('stay acknowledged where a person knows of them', async () => {
    const stored = await ports.store.findings.readAll('-');
    const [first] = stored;
    if (first === undefined) throw new Error('Nothing was found');
    const finding = { ...first.finding, state: 'acknowledged' as const };
    await ports.store.findings.commit('-', [{ ...first, finding, transition: null, effects: [] }]);
    await mark(ports);

    expect(statesOf(ports)).toEqual(['acknowledged', 'remediating']);
  });

  it('get a job anew when nobody carried it out, planned on its own, and that is told once after the third', async () => {
    const works = (): readonly AuditWork[] => ports.sent.work.map(({ work }) => work);
    const told = ports.sent.alerts.length;
    for (let days = 2; days < 8; days += 1) {
      await mark(ports);
      ports.world.now += day + 1;
      await night(ports, `run-${String(days)}`, 'auto');
      expect(works()).toContainEqual({ kind: 'plan-repair', repair, correlationId: 'run-2' });
      await plan(ports, 'auto');
    }

    expect((await jobsOf(ports)).map(({ job }) => job.attempt)).toEqual([1, 2, 3]);
    expect(statesOf(ports)).toEqual(['open', 'open']);
    expect(ports.sent.alerts.slice(told).map(({ transition, title }) => [transition, title.slice(0, 13)])).toEqual([
      ['reopened', 'Not repaired,'],
      ['reopened', 'Not repaired,'],
    ]);
  });

  it('are planned anew where the job was refused, though the verification of that is still to come', async () => {
    await mark(ports);
    await end(ports, 'refused');
    ports.world.now += day + 1;
    excluding(ports, gone.slice(1));
    await plan(ports, 'auto');
    await mark(ports);

    const [, second] = await jobsOf(ports);
    expect(second?.job.findings).toMatchObject([{ id: `-/${rule}/${policyId}:${gone[1] ?? ''}` }]);
    expect(ports.store.all().map(({ repair: held }) => held?.jobId)).toContain(second?.job.jobId);
  });
});

describe('Findings of the tenant whose job waits for a person, or is a dry run', () => {
  it.each<ActionMode>(['approve', 'dry-run'])('stay open: %s', async (mode) => {
    const ports = await planned(mode);
    await mark(ports);
    const [stored] = await jobsOf(ports);
    // Nor does a message that somebody else sent change it.
    await markRepairing(stored?.job.jobId ?? '', ports);

    expect(statesOf(ports)).toEqual(['open', 'open']);
    expect(ports.sent.work.filter(({ work }) => work.kind === 'repair-queued')).toEqual([]);
  });
});
