import { describe, expect, it } from 'vitest';
import type { TenantObservations } from '../../../domain/audit/observed.ts';
import { reconcile, type Reconciled } from '../../../domain/audit/reconcile.ts';
import type { Gap } from '../../../domain/model/collection.ts';
import type { Outcome, Verdict } from '../../../domain/model/verdict.ts';
import { gap, guid, now, tenantId } from '../build.ts';
import { kerberosAccount } from '../estate.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const rule = 'storage-app-not-orphaned';
const [orphan, another] = [guid(0x51), guid(0x52)];

function verdict(outcome: Outcome, gaps: readonly Gap[] = []): Verdict {
  return { outcome, severity: 'medium', title: 'Told', evidence: {}, deciders: [], gaps };
}

const noWaivers = () => Promise.resolve({ all: [], tagsOf: () => null });

/** What one rule says: a fail on each subject, and `others` of the rest. */
function says(subjects: readonly string[], others: Verdict, about = rule): TenantObservations {
  return { rule: about, told: subjects.map((subject) => ({ subject, verdict: verdict('fail') })), others };
}

async function told(ports: MemoryPorts, rules: readonly TenantObservations[], baseline = false): Promise<Reconciled> {
  ports.world.now += 1_000;
  const cause = { kind: 'nightly', id: 'run-1', actor: { kind: 'unknown', objectId: null } } as const;
  return reconcile(
    {
      partition: '-',
      observed: { kind: 'tenant', rules },
      context: { now: ports.world.now, factsReadAt: ports.world.now, cause },
      waivers: noWaivers,
      baseline,
      repairs: null,
    },
    ports.findings,
  );
}

function statesOf(ports: MemoryPorts): string[] {
  return ports.store
    .all()
    .map(({ subject, state }) => `${subject ?? ''} ${state}`)
    .sort();
}

describe('Reconciling what rules say of the tenant', () => {
  it('opens a finding for each subject, in the partition of the tenant, with an alert that names no account', async () => {
    const ports = memoryPorts([]);

    await told(ports, [says([orphan], verdict('pass'))]);

    expect(ports.store.all()).toMatchObject([
      { id: `-/${rule}/${orphan}`, rule, account: null, subject: orphan, state: 'open', firstSeenAt: now + 1_000 },
    ]);
    const [entry] = await Array.fromAsync(ports.store.outbox.entries('-'));
    expect(entry).toMatchObject({
      transition: { key: `-/${orphan}`, kind: 'opened' },
      effects: [{ kind: 'alert', alert: { id: `-/${orphan}/${rule}#1`, accounts: [], transition: 'opened' } }],
    });
  });

  it('keeps findings of one rule apart by subject, and of one subject by rule', async () => {
    const ports = memoryPorts([]);

    await told(ports, [says([orphan, another], verdict('pass')), says([orphan], verdict('pass'), 'other-rule')]);

    expect(new Set(ports.store.all().map(({ id }) => id)).size).toBe(3);
  });

  it('writes nothing again that has not changed', async () => {
    const ports = memoryPorts([]);
    await told(ports, [says([orphan], verdict('pass'))]);
    const before = ports.store.commits.attempted;

    expect(await told(ports, [says([orphan], verdict('pass'))])).toEqual({ transitions: [], open: 1 });
    expect(ports.store.commits.attempted).toBe(before);
  });

  it.each(['pass', 'not-applicable'] as const)(
    'resolves what is not named any more when all others %s, and keeps what is',
    async (outcome) => {
      const ports = memoryPorts([]);
      await told(ports, [says([orphan, another], verdict('pass'))]);

      const { transitions, open } = await told(ports, [says([another], verdict(outcome))]);

      expect(statesOf(ports)).toEqual([`${orphan} resolved`, `${another} open`]);
      expect([transitions.map(({ kind, key }) => [kind, key]), open]).toEqual([[['resolved', `-/${orphan}`]], 1]);
    },
  );

  it.each<[string, Verdict]>([
    ['could not be read', verdict('unknown', [gap('applications')])],
    ['cannot be decided', verdict('unknown')],
    ['fail', verdict('fail')],
    ['are warned of', verdict('warn')],
  ])('closes nothing that is not named when the others %s', async (_says, others) => {
    const ports = memoryPorts([]);
    await told(ports, [says([orphan], verdict('pass'))]);

    const { transitions } = await told(ports, [says([], others)]);

    expect(transitions).toEqual([]);
    expect(statesOf(ports)).toEqual([`${orphan} open`]);
  });

  it('closes nothing of another rule, nor of an account', async () => {
    const account = kerberosAccount('profiles');
    const ports = memoryPorts([account]);
    await told(ports, [says([orphan], verdict('pass'), 'other-rule')]);
    const about = { account, subject: null };
    await reconcile(
      {
        partition: account.subscriptionId,
        observed: {
          kind: 'accounts',
          accounts: [
            { accountKey: account.key, observations: [{ kind: 'verdict', rule, about, verdict: verdict('fail') }] },
          ],
        },
        context: {
          now,
          factsReadAt: now,
          cause: { kind: 'event', id: 'e', actor: { kind: 'unknown', objectId: null } },
        },
        waivers: noWaivers,
        baseline: false,
        repairs: null,
      },
      ports.findings,
    );

    await told(ports, [says([], verdict('pass'))]);

    expect(ports.store.all().map(({ state }) => state)).toEqual(['open', 'open']);
  });

  it('opens again what was resolved, as itself', async () => {
    const ports = memoryPorts([]);
    for (const subjects of [[orphan], [], [orphan]]) await told(ports, [says(subjects, verdict('pass'))]);

    expect(ports.store.all()).toMatchObject([{ state: 'open', episode: 2, transitions: 3 }]);
  });

  it('resolves the finding on the tenant itself once a rule names subjects and the others are well', async () => {
    const ports = memoryPorts([]);
    const undecided = verdict('unknown');
    await told(ports, [{ rule, told: [{ subject: tenantId, verdict: undecided }], others: undecided }]);

    await told(ports, [says([orphan], verdict('pass'))]);

    expect(statesOf(ports)).toEqual([`${tenantId} resolved`, `${orphan} open`]);
  });

  it('reads again when somebody else was first, and closes what they opened', async () => {
    const ports = memoryPorts([]);
    await told(ports, [says([orphan], verdict('pass'))]);
    ports.store.conflictsAhead = 1;

    await told(ports, [says([], verdict('pass'))]);

    expect(statesOf(ports)).toEqual([`${orphan} resolved`]);
  });

  it('tells nothing singly in a first audit', async () => {
    const ports = memoryPorts([]);

    const { open } = await told(ports, [says([orphan, another], verdict('pass'))], true);

    const entries = await Array.fromAsync(ports.store.outbox.entries('-'));
    expect([open, entries.map(({ effects }) => effects)]).toEqual([2, [[], []]]);
  });
});
