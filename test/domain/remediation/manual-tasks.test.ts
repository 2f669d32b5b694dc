import { describe, expect, it } from 'vitest';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import { known } from '../../../domain/model/collection.ts';
import { type RepairTask, taskOf } from '../../../domain/remediation/repair-task.ts';
import { settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const given = settings({ rules: onlyRules('storage-app-present', 'security-defaults-off-or-accepted') });
const accounts = [kerberosAccount('alpha'), kerberosAccount('beta', 3)];

/** A night in which the app of alpha is gone, and security defaults are on. */
async function night(baselined: boolean, id = 'run-1', known_: MemoryPorts | null = null): Promise<MemoryPorts> {
  const ports = known_ ?? memoryPorts(accounts, directoryOf(['beta']));
  ports.world.directory = { ...ports.world.directory, securityDefaults: known([{ isEnabled: true }]) };
  if (baselined) await ports.store.runs.markBaselined([...accounts.map(({ subscriptionId }) => subscriptionId), '-']);
  await planAudit(id, given, ports);
  for (const { work } of [...ports.sent.work]) {
    if (work.kind === 'shard' && work.runId === id) await auditShard(work.runId, work.shard, given, ports);
  }
  await dispatchOutbox(ports);
  return ports;
}

function tasksOf({ store }: MemoryPorts): Promise<readonly RepairTask[]> {
  return Array.fromAsync(store.tasks.list());
}

describe('A finding that no plan may mend', () => {
  it.each([
    ['of a baseline', false],
    ['found later', true],
  ])('%s has its task stored once, with commands for its own account', async (_, baselined) => {
    const ports = await night(baselined);
    const [finding] = await ports.store.findings.find('alpha/storage-app-present');
    if (finding === undefined) throw new Error('Nothing was found');
    const stored = await taskOf(finding.finding, ports.store.tasks);

    expect(stored).toMatchObject({
      findings: [{ id: 'alpha/storage-app-present', episode: 1 }],
      task: { runbook: 'recreate-app', about: { account: { name: 'alpha' } } },
      correlationId: 'run-1',
    });
    expect(JSON.stringify(stored?.task.steps)).toContain('alpha');

    await night(baselined, 'run-2', ports);
    expect(await tasksOf(ports)).toHaveLength(2);
  });

  it('about the tenant has one too', async () => {
    const ports = await night(true);
    const [finding] = ports.store.all().filter(({ account }) => account === null);
    if (finding === undefined) throw new Error('Nothing was found');

    expect((await taskOf(finding, ports.store.tasks))?.task.runbook).toBe('security-defaults');
  });

  it('shows no task of an episode that is over', async () => {
    const ports = await night(true);
    const [finding] = await ports.store.findings.find('alpha/storage-app-present');
    if (finding === undefined) throw new Error('Nothing was found');

    expect(await taskOf({ ...finding.finding, episode: 2 }, ports.store.tasks)).toBeNull();
  });
});
