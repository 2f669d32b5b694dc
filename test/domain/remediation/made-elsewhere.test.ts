import { describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import type { RecordsReading } from '../../../domain/audit/drift-ports.ts';
import type { ChangeRecord } from '../../../domain/drift/conclude.ts';
import { itemsOf, known } from '../../../domain/model/collection.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { storageResourceProvider } from '../../../domain/rules/app-management-policy-allows-rotation.ts';
import { day, guid, now, principal, settings } from '../build.ts';
import { directoryOf, kerberosAccount, principalIdOf, storageAppOf } from '../estate.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const account = kerberosAccount('profiles');
const auto = settings({ remediation: { 'grant-consent': 'auto' } });
const minute = 60_000;
const { application } = storageAppOf('profiles', 0);
const providerId = guid(0x6a);
const provider = principal({
  id: providerId,
  appId: storageResourceProvider,
  displayName: 'Storage Resource Provider',
});

/** Carries out the consent that the app lacks, which was made so long ago, and of which Entra shows these records. */
async function remediated(
  madeAgo: number | null,
  log: RecordsReading,
): Promise<{ readonly ports: MemoryPorts; readonly ended: Awaited<ReturnType<typeof remediate>> }> {
  const facts = directoryOf(['profiles'], []);
  const ports = memoryPorts([account], {
    ...facts,
    applications: known([{ ...application, createdAt: madeAgo === null ? null : now - madeAgo }]),
    servicePrincipals: known([...itemsOf(facts.servicePrincipals), provider]),
  });
  await ports.store.runs.markBaselined([account.subscriptionId]);
  const cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } } as const;
  await auditAccount(account.id, cause, auto, ports);
  await dispatchOutbox(ports);
  const [stored] = await Array.fromAsync(ports.store.jobs.list());
  if (stored === undefined) throw new Error('No job was stored');
  ports.drift.log = log;
  ports.drift.asked.length = 0;
  return { ports, ended: await remediate(stored.job.jobId, auto, ports) };
}

function recorded(over: Partial<ChangeRecord> = {}, actorId: string | null = guid(0xbad)): RecordsReading {
  const record: ChangeRecord = {
    at: now - day,
    actor: { kind: actorId === guid(0xbad) ? 'user' : 'application', objectId: actorId, userPrincipalName: null },
    correlationId: null,
    operation: 'Add application',
    source: 'directory-audits',
    touched: [{ name: application.id, before: null }],
    ...over,
  };
  return { state: 'read', records: [record] };
}

const unreadable = (reason: 'forbidden' | 'throttled'): RecordsReading => ({
  state: 'unreadable',
  reason,
  needs: 'AuditLog.Read.All',
});

describe('A job that no person approves', () => {
  it.each<[string, RecordsReading]>([
    ['a person made the application', recorded()],
    [
      'a person made its principal',
      recorded({ operation: 'Add service principal', touched: [{ name: principalIdOf(0), before: null }] }),
    ],
    ['another application made it', recorded({}, guid(0xbae))],
    ['nobody who is named made it', recorded({}, null)],
  ])('writes nothing where Entra says that %s', async (_, log) => {
    const { ports, ended } = await remediated(day, log);

    expect(ended).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('not by the storage provider') as unknown,
    });
    expect(ended.reason).toContain(application.appId);
    expect(ports.world.executed).toEqual([]);
  });

  it.each<[string, RecordsReading]>([
    ['the storage provider made it, by its principal', recorded({}, providerId)],
    ['the storage provider made it, by its appId', recorded({}, storageResourceProvider)],
    ['somebody changed it since', recorded({ operation: 'Update application' })],
    ['somebody made another one', recorded({ touched: [{ name: guid(0x99), before: null }] })],
    ['nothing', { state: 'read', records: [] }],
  ])('is carried out where Entra says that %s', async (_, log) => {
    const { ports, ended } = await remediated(day, log);

    expect(ended.state).toBe('done');
    expect(ports.drift.asked).toContainEqual([application.id, principalIdOf(0)]);
  });

  it('is carried out where its maker cannot be known any more, and nobody is asked', async () => {
    for (const madeAgo of [30 * day, 300 * day]) {
      const { ports, ended } = await remediated(madeAgo, recorded());
      expect(ended.state).toBe('done');
      expect(ports.drift.asked).toEqual([]);
    }
  });

  it('is carried out where the remediator may not read the records', async () => {
    expect((await remediated(day, unreadable('forbidden'))).ended.state).toBe('done');
  });

  it('waits where they cannot be read just now, or may still be to come', async () => {
    for (const [madeAgo, log] of [
      [day, unreadable('throttled')],
      [14 * minute, { state: 'read', records: [] }],
    ] as const) {
      const { ports, ended } = await remediated(madeAgo, log);
      expect(ended.state).toBe('put-off');
      expect(ports.world.executed).toEqual([]);
    }
    expect((await remediated(16 * minute, { state: 'read', records: [] })).ended.state).toBe('done');
  });
});
