import { describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import type { Cause } from '../../../domain/findings/finding.ts';
import { unavailable } from '../../../domain/model/collection.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { gap, guid, settings } from '../build.ts';
import { directoryOf, fileServicesOf, kerberosAccount, onlyRules, storageAppOf } from '../estate.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const one = kerberosAccount('one', 2);
const two = kerberosAccount('two', 2);
const given = settings({ rules: onlyRules('consent-granted', 'single-ad-source', 'kerberos-aes256-allowed') });
const source = 'azureFilesIdentityBasedAuthentication.directoryServiceOptions';
const sender = { kind: 'user', objectId: guid(7) } as const;
const byEvent: Cause = { kind: 'event', id: 'e1', actor: sender };

async function run(runId: string, ports: MemoryPorts): Promise<void> {
  ports.world.now += 60_000;
  const { shards } = await planAudit(runId, given, ports);
  for (let number = 0; number < shards; number += 1) await auditShard(runId, number, given, ports);
  await dispatchOutbox(ports);
}

async function lookAt(account: StorageAccount, ports: MemoryPorts, cause = byEvent): Promise<void> {
  ports.world.now += 60_000;
  await auditAccount(account.id, cause, given, ports);
  await dispatchOutbox(ports);
}

function turn(account: StorageAccount, over: Partial<StorageAccount>, ports: MemoryPorts): void {
  const changed = { ...account, ...over };
  ports.world.readings.set(account.key, { state: 'found', account: changed, fileServices: fileServicesOf([changed]) });
}

function searches(ports: MemoryPorts): unknown[] {
  return ports.sent.work.filter(({ work }) => work.kind === 'attribute');
}

/** Two accounts that a run has seen. */
async function known(): Promise<MemoryPorts> {
  const ports = memoryPorts([one, two]);
  await run('run-1', ports);
  return ports;
}

describe('The first look at an account', () => {
  it('is a baseline without an entry of history', async () => {
    const ports = await known();

    expect(ports.drift.written.facts).toBe(2);
    expect(ports.drift.told()).toEqual([]);
    expect(searches(ports)).toEqual([]);
  });
});

describe('A look that finds nothing new', () => {
  it('writes nothing, at night and after an event', async () => {
    const ports = await known();
    await run('run-2', ports);
    await lookAt(one, ports);

    expect(ports.drift.written.facts).toBe(2);
    expect(ports.drift.told()).toEqual([]);
  });

  it('is one that could read less than before', async () => {
    const ports = await known();
    ports.world.directory = {
      ...ports.world.directory,
      servicePrincipals: unavailable(gap('service-principals')),
      oauth2PermissionGrants: unavailable(gap('oauth2-permission-grants')),
    };
    await run('run-2', ports);

    expect(ports.drift.written.facts).toBe(2);
    expect(ports.drift.told()).toEqual([]);
  });
});

describe('Facts of an older version', () => {
  it('that lack a property are read, the next look adds it without an entry, and the one after that writes nothing', async () => {
    const ports = await known();
    const stored = await ports.watched.of(one.subscriptionId, [one.key, two.key]);
    const older = [...stored].map(([accountKey, { facts, version }]) => {
      const { shareRoleAssignments: _roles, kind: _kind, ...values } = facts.values;
      return { accountKey, facts: { ...facts, values, fingerprint: 'of an older version' }, version };
    });
    await ports.watched.save(one.subscriptionId, older);
    const written = ports.drift.written.facts;
    await run('run-2', ports);
    await run('run-3', ports);

    expect(ports.drift.told()).toEqual([]);
    expect(ports.drift.written.facts).toBe(written + 2);
    expect((await ports.watched.of(one.subscriptionId, [one.key])).get(one.key)?.facts.values).toHaveProperty('kind');
  });
});

describe('A change', () => {
  it('that an event tells of is likely by whom the event claims', async () => {
    const ports = await known();
    turn(one, { directoryService: 'None' }, ports);
    await lookAt(one, ports);

    expect(ports.drift.told()).toMatchObject([
      {
        key: one.key,
        part: 'account',
        at: ports.world.now,
        properties: [{ property: source, before: 'AADKERB', after: 'None' }],
        cause: byEvent,
        attribution: { confidence: 'likely', actor: sender },
      },
    ]);
  });

  it('that the night finds is by nobody known, and lies after the last whole run', async () => {
    const ports = await known();
    await run('run-2', ports);
    const secondRun = ports.world.now;
    turn(one, { sharedKeyAllowed: true }, ports);
    await run('run-3', ports);

    expect(ports.drift.told()).toMatchObject([{ since: secondRun, attribution: { confidence: 'unknown' } }]);
  });

  it('in Entra is never by whom an event about Azure claims, and names the objects whose records may tell', async () => {
    const ports = await known();
    ports.world.directory = directoryOf(['one', 'two'], ['two']);
    await lookAt(one, ports);

    const { application, principal } = storageAppOf('one', 0);
    expect(ports.drift.told()).toMatchObject([
      { part: 'directory', attribution: { confidence: 'unknown' }, objectIds: [principal.id, application.id].sort() },
    ]);
  });

  it('is one entry for each place that keeps records of changes', async () => {
    const ports = await known();
    turn(one, { sharedKeyAllowed: true }, ports);
    ports.world.directory = directoryOf(['one', 'two'], ['two']);
    await lookAt(one, ports);

    expect(ports.drift.told().map(({ part }) => part)).toEqual(['account', 'directory']);
    expect(searches(ports)).toHaveLength(2);
  });

  it('is told once, though a run finds it after an event did', async () => {
    const ports = await known();
    turn(one, { sharedKeyAllowed: true }, ports);
    await lookAt(one, ports);
    await run('run-2', ports);

    expect(ports.drift.told()).toHaveLength(1);
    expect(searches(ports)).toHaveLength(1);
  });

  it('that comes again after it was undone is another one', async () => {
    const ports = await known();
    for (const sharedKeyAllowed of [true, false, true]) {
      turn(one, { sharedKeyAllowed }, ports);
      await lookAt(one, ports);
    }

    expect(new Set(ports.drift.told().map(({ id }) => id)).size).toBe(3);
  });

  it('is searched for some minutes later, when records may be there', async () => {
    const ports = await known();
    turn(one, { sharedKeyAllowed: true }, ports);
    await lookAt(one, ports);

    const [change] = ports.drift.told();
    expect(searches(ports)).toMatchObject([
      {
        work: { kind: 'attribute', accountId: one.key, changeId: change?.id, attempt: 1 },
        notBefore: ports.world.now + 4 * 60_000,
      },
    ]);
  });

  it('raises no alert of its own', async () => {
    const ports = await known();
    turn(one, { sharedKeyAllowed: true }, ports);
    await lookAt(one, ports);

    expect(ports.sent.alerts).toEqual([]);
    expect(ports.store.unsent()).toEqual([]);
  });

  it('is neither lost nor told twice, wherever a crash falls', async () => {
    const smooth = await known();
    turn(one, { sharedKeyAllowed: true }, smooth);
    smooth.faults.arm(-1, 'before');
    await lookAt(one, smooth);
    const calls = smooth.faults.calls();

    for (let at = 0; at < calls; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const ports = await known();
        turn(one, { sharedKeyAllowed: true }, ports);
        ports.faults.arm(at, when);
        await expect(lookAt(one, ports), `${when} call ${String(at)}`).rejects.toThrow();
        expect(ports.faults.struck()).toBe(true);
        ports.world.now += 60_000;
        await lookAt(one, ports);

        expect(ports.drift.told(), `${when} call ${String(at)}`).toHaveLength(1);
        expect(
          new Set(ports.sent.work.filter(({ work }) => work.kind === 'attribute').map(({ messageId }) => messageId))
            .size,
        ).toBe(1);
      }
    }
  });
});
