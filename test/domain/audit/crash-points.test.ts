import { describe, expect, it } from 'vitest';
import { attributeChange } from '../../../domain/audit/attribute-change.ts';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { guid, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { Crash } from '../faults.ts';
import { distinct, memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const names = ['one', 'two', 'three'];
const accounts = [kerberosAccount('one', 2), kerberosAccount('two', 2), kerberosAccount('three', 3)];
const automatic = settings({
  rules: onlyRules('consent-granted', 'storage-app-not-orphaned'),
  remediation: { 'grant-consent': 'auto' },
  watch: { debounceSeconds: 0 },
});

/** Two of three accounts lack consent, and the account of a fourth app is gone. One finding to a transaction, so that a crash can fall between two of them. */
async function estate(baselined: boolean): Promise<MemoryPorts> {
  const ports = memoryPorts(accounts, directoryOf([...names, 'gone'], ['two']), { transactionSize: 1 });
  ports.world.accountNames.set('gone', 'free');
  if (baselined) await ports.store.runs.markBaselined([guid(2), guid(3), '-']);
  return ports;
}

/** A night: the run, what it sends, the repairs, and the audits that verify them. A crash is followed by a redelivery. */
async function night(ports: MemoryPorts): Promise<void> {
  const deliver = async (work: () => Promise<unknown>): Promise<void> => {
    ports.world.now += 1_000;
    try {
      await work();
    } catch (error) {
      if (!isCrash(error)) throw error;
      await work();
    }
  };
  const audited = new Set<string>();
  const auditQueued = async (): Promise<void> => {
    for (const { messageId, work } of [...ports.sent.work]) {
      if (audited.has(messageId)) continue;
      audited.add(messageId);
      await deliver(() =>
        work.kind === 'shard'
          ? auditShard(work.runId, work.shard, automatic, ports)
          : work.kind === 'attribute'
            ? attributeChange(work, automatic, ports)
            : work.kind === 'account'
              ? auditAccount(work.accountId, work.cause, automatic, ports)
              : Promise.reject(new Error(`Nothing here sends work of kind ${work.kind}`)),
      );
    }
  };
  await deliver(() => planAudit('run-1', automatic, ports));
  await auditQueued();
  await deliver(() => dispatchOutbox(ports));
  for (const { jobId } of [...ports.sent.jobs]) await deliver(() => remediate(jobId, automatic, ports));
  // What was put off comes back when it is due.
  for (let next = ports.sent.again.shift(); next !== undefined; next = ports.sent.again.shift()) {
    const { jobId, at } = next;
    ports.world.now = Math.max(ports.world.now, at);
    await deliver(() => remediate(jobId, automatic, ports));
  }
  await auditQueued();
  await deliver(() => dispatchOutbox(ports));
}

function isCrash(error: unknown): boolean {
  return error instanceof Crash || (error instanceof AggregateError && error.errors.every(isCrash));
}

/** What a person, a receiver and Azure see of it. */
async function effectOf(ports: MemoryPorts): Promise<unknown> {
  const run = await ports.store.runs.find('run-1');
  return {
    findings: ports.store
      .all()
      .map(({ id, state, episode, transitions }) => [id, state, episode, transitions].join(' '))
      .sort(),
    history: ports.store
      .appended()
      .map(({ findingId, number, kind }) => [findingId, number, kind].join(' '))
      .sort(),
    ...distinct(ports.sent),
    executed: ports.world.executed.map(({ body }) => body['clientId']).sort(),
    jobs: (await Array.fromAsync(ports.store.jobs.list())).map(({ job, state }) => `${job.jobId} ${state}`).sort(),
    results: [...new Set(ports.sent.results.map(({ jobId, outcome }) => `${jobId} ${outcome}`))].sort(),
    baselined: [...(await ports.store.runs.baselined())].sort(),
    unsent: ports.store.unsent(),
    verdicts: run?.tally?.verdicts,
    baselinedFindings: run?.tally?.baselined,
    finished: run?.finishedAt !== null,
  };
}

describe.each([
  ['the first audit of an estate', false],
  ['an audit with repairs', true],
])('A crash in %s', (_, baselined) => {
  it('has the effect of none, wherever it falls', async () => {
    const smooth = await estate(baselined);
    smooth.faults.arm(-1, 'before');
    await night(smooth);
    const wanted = await effectOf(smooth);
    const calls = smooth.faults.calls();
    expect(calls).toBeGreaterThan(20);

    for (let at = 0; at < calls; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const ports = await estate(baselined);
        ports.faults.arm(at, when);
        await night(ports);
        expect(ports.faults.struck(), `${when} call ${String(at)}`).toBe(true);
        expect(await effectOf(ports), `${when} call ${String(at)}`).toEqual(wanted);
      }
    }
  });
});

describe('A night without a crash', () => {
  it('opens and alerts each fault once, repairs and verifies those of accounts, and leaves that of the tenant to people', async () => {
    const ports = await estate(true);
    await night(ports);

    expect(await effectOf(ports)).toMatchObject({
      findings: [
        `-/storage-app-not-orphaned/${guid(0x2003)} open 1 1`,
        'one/consent-granted resolved 1 2',
        'three/consent-granted resolved 1 2',
      ],
      alerts: { length: 5 },
      executed: { length: 2 },
      results: { length: 2 },
      unsent: [],
      finished: true,
    });
    expect(
      ports.store
        .appended()
        .map(({ kind, cause }) => `${kind} by ${cause.kind}`)
        .sort(),
    ).toEqual([
      'opened by nightly',
      'opened by nightly',
      'opened by nightly',
      'resolved by verification',
      'resolved by verification',
    ]);
  });
});
