import { describe, expect, it } from 'vitest';
import { AccountUnreadable, auditAccount } from '../../../domain/audit/audit-account.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { known, unavailable } from '../../../domain/model/collection.ts';
import type { ActionMode } from '../../../domain/model/settings.ts';
import { planRepair } from '../../../domain/remediation/plan-repair.ts';
import { gap, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const account = kerberosAccount('files');
const cause = { kind: 'event', id: 'event-1', actor: { kind: 'unknown', objectId: null } } as const;

function withMode(mode: ActionMode): ReturnType<typeof settings> {
  return settings({
    rules: onlyRules('consent-granted'),
    remediation: { 'grant-consent': mode, 'add-missing-scopes': mode },
  });
}

/** An account whose app lost its consent, seen while the applications could not be read. */
async function seenHalf(given = withMode('auto')): Promise<MemoryPorts> {
  const ports = memoryPorts([account], directoryOf([account.name], []));
  await ports.store.runs.markBaselined([account.subscriptionId]);
  const { applications } = ports.world.directory;
  const throttled = { ...gap('applications'), reason: 'throttled', needs: null } as const;
  ports.world.directory = { ...ports.world.directory, applications: unavailable(throttled) };
  await expect(auditAccount(account.id, cause, given, ports)).rejects.toThrow(AccountUnreadable);
  await dispatchOutbox(ports);
  ports.world.directory = { ...ports.world.directory, applications };
  return ports;
}

function planned(ports: MemoryPorts) {
  return ports.sent.work.flatMap(({ work }) => (work.kind === 'plan-repair' ? [work] : []));
}

describe('A fault that is certain, of which a list that its plan rests on could not be read', () => {
  it('opens without a job, and is planned from what is read anew', async () => {
    const ports = await seenHalf();
    expect(ports.store.all()).toMatchObject([{ state: 'open', outcome: 'fail' }]);
    expect(await Array.fromAsync(ports.store.jobs.list())).toEqual([]);

    const [work] = planned(ports);
    if (work === undefined) throw new Error('Nobody is to plan it');
    expect(work.repair).toEqual({ of: 'account', accountId: account.key, rule: 'consent-granted' });
    ports.world.now += 60 * 60_000;
    // As the second try of the audit, which sees the fault as it is stored.
    expect(await auditAccount(account.id, cause, withMode('auto'), ports)).toMatchObject({ transitions: [] });
    expect(await planRepair(work, withMode('auto'), ports)).toMatchObject({
      outcome: 'job',
      job: { attempt: 1, plan: { action: 'grant-consent' } },
    });
  });

  it('is left alone where settings switch the actions off', async () => {
    expect(planned(await seenHalf(withMode('off')))).toEqual([]);
  });

  it('is planned at once where all was read, and not a second time', async () => {
    const ports = memoryPorts([account], directoryOf([account.name], []));
    await ports.store.runs.markBaselined([account.subscriptionId]);
    ports.world.directory = { ...ports.world.directory, conditionalAccessPolicies: known([]) };
    await auditAccount(account.id, cause, withMode('auto'), ports);
    await dispatchOutbox(ports);
    expect(await Array.fromAsync(ports.store.jobs.list())).toHaveLength(1);
    expect(planned(ports)).toEqual([]);
  });
});
