import { describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import type { Cause } from '../../../domain/findings/finding.ts';
import { known } from '../../../domain/model/collection.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { planRepair } from '../../../domain/remediation/plan-repair.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { day, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { distinct, memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const auto = settings({ rules: onlyRules('consent-granted'), remediation: { 'grant-consent': 'auto' } });
const here = kerberosAccount('profiles');
const there = movedTo('Archive');
const elsewhere = kerberosAccount('profiles', 3);

/** The same account in another resource group of its subscription. */
function movedTo(resourceGroup: string): StorageAccount {
  const id = here.id.replace(/resourceGroups\/[^/]+/u, `resourceGroups/${resourceGroup}`);
  return { ...here, id, key: id.toLowerCase(), resourceGroup };
}

async function look(ports: MemoryPorts, { id }: StorageAccount, cause: Partial<Cause> = {}): Promise<void> {
  ports.world.now += 1000;
  const actor = { kind: 'unknown', objectId: null } as const;
  await auditAccount(id, { kind: 'event', id: 'e1', actor, ...cause }, auto, ports);
  await dispatchOutbox(ports);
}

function move(ports: MemoryPorts, from: StorageAccount, to: StorageAccount): void {
  ports.world.readings.delete(from.key);
  ports.world.seen = [...ports.world.seen, to.subscriptionId];
  ports.world.readings.set(to.key, { state: 'found', account: to, fileServices: known([]) });
}

/** Its consent was missing, was given by a job, and that was verified. */
async function mendedOnce(): Promise<MemoryPorts> {
  const ports = memoryPorts([here], directoryOf(['profiles'], []));
  await ports.store.runs.markBaselined([here.subscriptionId, elsewhere.subscriptionId, '-']);
  await look(ports, here);
  const [job] = ports.sent.jobs;
  expect(await remediate(job?.jobId ?? '', auto, ports)).toEqual({ state: 'done', reason: null });
  await look(ports, here, { kind: 'verification', id: job?.jobId ?? '' });
  return ports;
}

describe.each([
  ['another resource group', there],
  ['another subscription', elsewhere],
])('An account that was moved to %s after a job had mended it', (_, moved) => {
  it('gets a job of its own when the same fault is there again, which is sent and carried out', async () => {
    const ports = await mendedOnce();
    move(ports, here, moved);
    ports.world.directory = directoryOf(['profiles'], []);
    ports.world.now += 5 * 60_000;
    await look(ports, moved);
    const [first, second] = ports.sent.jobs;

    expect(second).toMatchObject({ accounts: [{ id: moved.id }], findings: first?.findings, attempt: 2 });
    expect(distinct(ports.sent).jobs).toHaveLength(2);
    expect(await remediate(second?.jobId ?? '', auto, ports)).toEqual({ state: 'done', reason: null });
    await look(ports, moved, { kind: 'verification', id: second?.jobId ?? '' });
    expect(ports.store.all().map(({ state }) => state)).toEqual(['resolved', 'resolved']);
  });

  it('has that made anew too when nobody carries it out', async () => {
    const ports = await mendedOnce();
    move(ports, here, moved);
    ports.world.directory = directoryOf(['profiles'], []);
    await look(ports, moved);
    ports.world.now += day;
    await look(ports, moved);

    expect(ports.sent.jobs.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it('gets one from a planning of its own as well', async () => {
    const ports = await mendedOnce();
    move(ports, here, moved);
    ports.world.directory = directoryOf(['profiles'], []);
    const off = { ...auto, remediation: { 'grant-consent': 'off' as const } };
    const cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } } as const;
    await auditAccount(moved.id, cause, off, ports);
    ports.world.now += day;
    const repair = { of: 'account', accountId: moved.key, rule: 'consent-granted' } as const;

    expect(await planRepair({ repair, correlationId: 'e2' }, auto, ports)).toMatchObject({
      outcome: 'job',
      job: { attempt: 2, accounts: [{ id: moved.id }] },
    });
  });
});
