import { describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import type { Cause } from '../../../domain/findings/finding.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { day, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { distinct, memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const profiles = kerberosAccount('profiles');
const given = settings({ rules: onlyRules('consent-granted'), remediation: { 'grant-consent': 'auto' } });

async function look(ports: MemoryPorts, cause: Partial<Cause> = {}): Promise<void> {
  await auditAccount(
    profiles.id,
    { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null }, ...cause },
    given,
    ports,
  );
  await dispatchOutbox(ports);
}

/** An account without consent whose repair is queued; nobody takes the message. */
async function queued(): Promise<MemoryPorts> {
  const ports = memoryPorts([profiles], directoryOf(['profiles'], []));
  await ports.store.runs.markBaselined([profiles.subscriptionId, '-']);
  await look(ports);
  return ports;
}

async function dayLater(ports: MemoryPorts): Promise<void> {
  ports.world.now += day + 1;
  await look(ports);
}

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
    expect(ports.store.appended().map(({ kind }) => kind)).toEqual(['opened', 'unrepaired']);
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
