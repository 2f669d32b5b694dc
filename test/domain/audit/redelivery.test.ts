import { describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import type { Cause } from '../../../domain/findings/finding.ts';
import { guid, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { distinct, memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const account = kerberosAccount('profiles');
const given = settings({ rules: onlyRules('consent-granted'), remediation: { 'grant-consent': 'auto' } });
const cause: Cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } };
/** Longer than the broker knows duplicates on `audit-work`, and shorter than a job is given. */
const later = 60 * 60_000;

/** One account without consent, in a subscription whose first audit is done. */
async function estate(): Promise<MemoryPorts> {
  const ports = memoryPorts([account], directoryOf(['profiles'], []));
  await ports.store.runs.markBaselined([guid(2), '-']);
  return ports;
}

function told(ports: MemoryPorts): unknown {
  const { alerts, jobs } = distinct(ports.sent);
  return { alerts, jobs, history: ports.store.appended().length, findings: ports.store.all() };
}

describe('A message of audit-work that comes again when the broker has forgotten it', () => {
  it.each<[string, (ports: MemoryPorts) => Promise<unknown>]>([
    ['an account', (ports) => auditAccount(account.id, cause, given, ports)],
    ['a shard', (ports) => auditShard('run-1', 0, given, ports)],
  ])('tells nothing anew: %s', async (_, deliver) => {
    const ports = await estate();
    await planAudit('run-1', given, ports);
    await deliver(ports);
    await dispatchOutbox(ports);
    const before = told(ports);
    expect(before).toMatchObject({ alerts: { length: 1 }, jobs: { length: 1 }, history: 1 });

    ports.world.now += later;
    await deliver(ports);
    await dispatchOutbox(ports);

    expect(told(ports)).toEqual(before);
  });

  it('does not judge by the old facts of its shard what was read on its own since', async () => {
    const ports = await estate();
    await planAudit('run-1', given, ports);
    ports.world.now += later;
    ports.world.directory = directoryOf(['profiles']);
    await auditAccount(account.id, cause, given, ports);
    await auditShard('run-1', 0, given, ports);

    expect(ports.store.all()).toEqual([]);
  });
});
