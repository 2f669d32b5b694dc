import { describe, expect, it } from 'vitest';
import { AccountOvertaken, auditAccount } from '../../../domain/audit/audit-account.ts';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import type { Cause } from '../../../domain/findings/finding.ts';
import { settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { Crash } from '../faults.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const account = kerberosAccount('profiles');
const given = settings({ rules: onlyRules('consent-granted'), remediation: { 'grant-consent': 'off' } });
const clean = directoryOf(['profiles']);
const faulty = directoryOf(['profiles'], []);

function cause(id: string): Cause {
  return { kind: 'event', id, actor: { kind: 'unknown', objectId: null } };
}

function look(id: string, ports: MemoryPorts) {
  ports.world.now += 30_000;
  return auditAccount(account.id, cause(id), given, ports);
}

/** A fault is stored as it was seen, and mended when the older of two audits begins to read. */
async function mendedFor(): Promise<MemoryPorts> {
  const ports = memoryPorts([account], faulty);
  await ports.store.runs.markBaselined([account.subscriptionId, '-']);
  await look('e0', ports);
  ports.world.directory = clean;
  return ports;
}

/** The fault comes back, and the younger audit finds it stored: it writes nothing. */
async function overtake(ports: MemoryPorts): Promise<void> {
  ports.world.directory = faulty;
  expect((await look('younger', ports)).transitions).toEqual([]);
}

async function toldOf(ports: MemoryPorts): Promise<readonly string[]> {
  await dispatchOutbox(ports);
  return ports.sent.alerts.map(({ transition }) => transition);
}

describe('An audit whose reading is older than that of one which ended before it', () => {
  it('writes nothing where the younger one came while it read', async () => {
    const ports = await mendedFor();
    const facts: MemoryPorts['facts'] = {
      ...ports.facts,
      shared: async () => {
        const shared = await ports.facts.shared();
        await overtake(ports);
        return shared;
      },
    };
    const linked = ports.accountLinks.written();
    const known = ports.drift.written.facts;

    expect(await look('older', { ...ports, facts })).toMatchObject({ outcome: 'superseded', transitions: [] });
    expect(ports.store.all()).toMatchObject([{ state: 'open', transitions: 1 }]);
    expect(await toldOf(ports)).toEqual(['opened']);
    expect([ports.accountLinks.written(), ports.drift.written.facts]).toEqual([linked, known]);
  });

  it('closes nothing as gone, and stops nobody from following the account', async () => {
    const ports = await mendedFor();
    ports.world.directory = faulty;
    const facts: MemoryPorts['facts'] = {
      ...ports.facts,
      account: async () => {
        await overtake(ports);
        return { state: 'absent' };
      },
    };

    expect((await look('older', { ...ports, facts })).outcome).toBe('superseded');
    expect(ports.store.all()).toMatchObject([{ state: 'open' }]);
    expect(await Array.fromAsync(ports.accountLinks.all())).toHaveLength(1);
  });

  it.each([
    ['while it reads the store', 1],
    ['while it tries again since somebody else was first', 2],
  ])('writes nothing where the younger one came %s', async (_, reads) => {
    const ports = await mendedFor();
    if (reads > 1) ports.store.conflictsAhead = 1;
    let left = reads;
    const findings: MemoryPorts['findings'] = {
      ...ports.findings,
      read: async (...asked) => {
        const stored = await ports.findings.read(...asked);
        if ((left -= 1) === 0) await overtake(ports);
        return stored;
      },
    };

    expect(await look('older', { ...ports, findings })).toMatchObject({ outcome: 'superseded', transitions: [] });
    expect(ports.store.all()).toMatchObject([{ state: 'open', transitions: 1 }]);
    expect(await toldOf(ports)).toEqual(['opened']);
  });

  it('looks again where the younger one came between its last look and its writing, so that the fault is open', async () => {
    const ports = await mendedFor();
    let left = 1;
    const findings: MemoryPorts['findings'] = {
      ...ports.findings,
      commit: async (...commit) => {
        if ((left -= 1) === 0) await overtake(ports);
        await ports.findings.commit(...commit);
      },
    };
    ports.world.now += 1;

    const { outcome, transitions } = await look('older', { ...ports, findings });
    expect([outcome, transitions.map(({ kind }) => kind)]).toEqual(['judged', ['resolved', 'reopened']]);
    expect(ports.store.all()).toMatchObject([{ state: 'open' }]);
  });

  it('judges all the same where the other was announced by a clock far ahead', async () => {
    const ports = await mendedFor();
    await ports.accountReads.announce(account.subscriptionId, account.key, ports.world.now + 10 * 3_600_000);

    expect(await look('older', ports)).toMatchObject({ outcome: 'judged', transitions: [{ kind: 'resolved' }] });
  });

  it('does not end where the younger one broke off before it judged, but is put off and judges in the end', async () => {
    const ports = await mendedFor();
    const findings: MemoryPorts['findings'] = {
      ...ports.findings,
      commit: () => Promise.reject(new Crash('crashed')),
    };
    await expect(look('first delivery', { ...ports, findings })).rejects.toBeInstanceOf(Crash);
    // The same work comes again on an instance whose clock is a minute behind.
    ports.world.now -= 60_000;

    await expect(look('second delivery', ports)).rejects.toBeInstanceOf(AccountOvertaken);
    expect(ports.store.all()).toMatchObject([{ state: 'open', transitions: 1 }]);
    ports.world.now += 60_000;
    expect(await look('third delivery', ports)).toMatchObject({ transitions: [{ kind: 'resolved' }] });
  });

  it('is put off where the other had ended before, and bears a later time since its clock is ahead', async () => {
    const ports = await mendedFor();
    ports.world.directory = faulty;
    await look('clock ahead', ports);
    ports.world.directory = clean;
    ports.world.now -= 60_000;

    await expect(look('verification', ports)).rejects.toBeInstanceOf(AccountOvertaken);
    ports.world.now += 60_000;
    expect(await look('verification', ports)).toMatchObject({ transitions: [{ kind: 'resolved' }] });
  });

  it('is not overtaken by itself: the same audit again judges', async () => {
    const ports = await mendedFor();
    await look('one', ports);

    expect((await look('one', ports)).outcome).toBe('judged');
  });
});

it('A shard resolves nothing of an account that was read on its own between its look and its writing', async () => {
  const ports = await mendedFor();
  ports.world.now += 30_000;
  await planAudit('run-1', given, ports);
  let left = 1;
  const findings: MemoryPorts['findings'] = {
    ...ports.findings,
    read: async (...asked) => {
      const stored = await ports.findings.read(...asked);
      if ((left -= 1) === 0) await overtake(ports);
      return stored;
    },
  };
  await auditShard('run-1', 0, given, { ...ports, findings });

  expect(ports.store.all()).toMatchObject([{ state: 'open', transitions: 1 }]);
});
