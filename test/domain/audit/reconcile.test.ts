import { describe, expect, it } from 'vitest';
import { FindingConflict } from '../../../domain/audit/ports.ts';
import { reconcile, type ReconcileInput } from '../../../domain/audit/reconcile.ts';
import type { Observation } from '../../../domain/findings/reduce.ts';
import type { Verdict } from '../../../domain/model/verdict.ts';
import { guid, now } from '../build.ts';
import { kerberosAccount } from '../estate.ts';
import { memoryPorts } from '../memory-ports.ts';

const profiles = kerberosAccount('profiles');
const subscriptionId = guid(2);

function verdictOf(outcome: Verdict['outcome'], over: Partial<Verdict> = {}): Verdict {
  return { outcome, severity: 'high', title: 'Told', evidence: {}, deciders: [], gaps: [], ...over };
}

function seen(outcome: Verdict['outcome'], over: Partial<Verdict> = {}, account = profiles): Observation {
  return {
    kind: 'verdict',
    rule: 'mfa-excluded',
    about: { account, subject: null },
    verdict: verdictOf(outcome, over),
  };
}

const noWaivers = () => Promise.resolve({ all: [], tagsOf: () => null });

function input(observation: Observation, over: Partial<ReconcileInput> = {}): ReconcileInput {
  const actor = { kind: 'user', objectId: guid(9) } as const;
  return {
    partition: subscriptionId,
    observed: { kind: 'accounts', accounts: [{ accountKey: profiles.key, observations: [observation] }] },
    context: { now, factsReadAt: now, cause: { kind: 'event', id: 'event-1', actor } },
    waivers: noWaivers,
    baseline: false,
    repairs: null,
    ...over,
  };
}

async function entriesOf(ports: ReturnType<typeof memoryPorts>) {
  return Array.fromAsync(ports.store.outbox.entries(subscriptionId));
}

describe('Reconciling', () => {
  it('stores a finding with its transition and the alert that tells who did it, and how sure that is', async () => {
    const ports = memoryPorts([profiles]);

    const { transitions, open } = await reconcile(
      input({ ...seen('fail'), rule: 'identity-not-bypassed' } as Observation),
      ports.findings,
    );

    expect([transitions.map(({ kind }) => kind), open]).toEqual([['opened'], 1]);
    const [entry] = await entriesOf(ports);
    expect(entry?.transition).toEqual(transitions[0]);
    expect(entry?.effects).toMatchObject([
      {
        kind: 'alert',
        alert: { transition: 'opened', actor: { objectId: guid(9) }, actorConfidence: 'likely', at: now },
      },
    ]);
  });

  it('opens a finding of a baseline without an alert and without asking for a job', async () => {
    const ports = memoryPorts([profiles]);
    const jobFor = (): never => {
      throw new Error('asked for a job');
    };

    await reconcile(
      input(seen('fail'), { baseline: true, repairs: { jobFor, jobs: ports.jobs, records: ports.records } }),
      ports.findings,
    );

    expect(ports.store.all()).toMatchObject([{ state: 'open', episode: 1 }]);
    expect((await entriesOf(ports)).map(({ effects }) => effects)).toEqual([[]]);
  });

  it('asks for a job when a finding that opened as unknown becomes a fault', async () => {
    const ports = memoryPorts([profiles]);
    const asked: string[] = [];
    const jobFor = ({ outcome }: { outcome: string }): null => {
      asked.push(outcome);
      return null;
    };

    for (const outcome of ['unknown', 'fail', 'fail', 'warn'] as const) {
      await reconcile(
        input(seen(outcome), { repairs: { jobFor, jobs: ports.jobs, records: ports.records } }),
        ports.findings,
      );
    }

    expect(asked).toEqual(['unknown', 'fail']);
  });

  it.each(['pass', 'not-applicable'] as const)(
    'commits nothing when there is nothing and the rule says %s',
    async (outcome) => {
      const ports = memoryPorts([profiles]);

      await reconcile(input(seen(outcome)), ports.findings);

      expect(ports.store.commits.attempted).toBe(0);
    },
  );

  it('commits nothing for what could not be read, and the finding stays', async () => {
    const ports = memoryPorts([profiles]);
    await reconcile(input(seen('fail')), ports.findings);
    const gap = { collection: 'applications', scope: 'tenant', reason: 'forbidden', needs: null } as const;

    const { open } = await reconcile(input(seen('unknown', { gaps: [gap] })), ports.findings);

    expect([ports.store.commits.attempted, open]).toEqual([1, 1]);
  });

  it('reads again when somebody else was first', async () => {
    const ports = memoryPorts([profiles]);
    ports.store.conflictsAhead = 4;

    await reconcile(input(seen('fail')), ports.findings);

    expect([ports.store.commits.attempted, ports.store.all().length]).toEqual([5, 1]);
  });

  it('gives up after five tries and says that it was a conflict', async () => {
    const ports = memoryPorts([profiles]);
    ports.store.conflictsAhead = 5;

    await expect(reconcile(input(seen('fail')), ports.findings)).rejects.toThrow(FindingConflict);
    expect([ports.store.commits.attempted, ports.store.all().length]).toEqual([5, 0]);
  });

  it('does not try again after another failure', async () => {
    const ports = memoryPorts([profiles]);
    ports.faults.arm(1, 'before');

    await expect(reconcile(input(seen('fail')), ports.findings)).rejects.toThrow(/before call 1/);
    expect(ports.store.commits.attempted).toBe(0);
  });

  it('lets one of two win that saw the same: one finding, one transition, one alert', async () => {
    const ports = memoryPorts([profiles]);

    const both = await Promise.all([1, 2].map(() => reconcile(input(seen('fail')), ports.findings)));

    expect(both.flatMap(({ transitions }) => transitions)).toHaveLength(1);
    expect(ports.store.all()).toMatchObject([{ transitions: 1, episode: 1 }]);
    expect(await entriesOf(ports)).toHaveLength(1);
  });

  it('counts what was committed before a conflict, as well as what came after', async () => {
    const others = ['a', 'b', 'c'].map((name) => kerberosAccount(`${name}profiles`));
    const ports = memoryPorts(others, undefined, { transactionSize: 1 });
    const accounts = others.map((other) => ({
      accountKey: other.key,
      observations: [seen('fail', {}, other)],
    }));
    let commits = 0;
    const findings: typeof ports.findings = {
      ...ports.store.findings,
      commit: async (subscription, all) => {
        commits += 1;
        if (commits > 1) return ports.store.findings.commit(subscription, all);
        await ports.store.findings.commit(subscription, all.slice(0, 1));
        throw new FindingConflict('The second transaction came too late', 1);
      },
    };

    const { open, transitions } = await reconcile(
      input(seen('fail'), { observed: { kind: 'accounts', accounts } }),
      findings,
    );

    expect(transitions.map(({ findingId }) => findingId)).toEqual(others.map(({ name }) => `${name}/mfa-excluded`));
    expect([open, ports.store.all().length, (await entriesOf(ports)).length]).toEqual([3, 3, 3]);
  });

  it('closes every open finding of an account that is proved absent, and none of another account', async () => {
    const other = kerberosAccount('other');
    const ports = memoryPorts([profiles, other]);
    const both = [profiles, other].map((one) => ({
      accountKey: one.key,
      observations: [seen('fail', {}, one)],
    }));
    await reconcile(input(seen('fail'), { observed: { kind: 'accounts', accounts: both } }), ports.findings);

    await reconcile(input({ kind: 'account-absent' }), ports.findings);

    expect(ports.store.all().map(({ id, state }) => [id, state])).toEqual([
      ['profiles/mfa-excluded', 'gone'],
      ['other/mfa-excluded', 'open'],
    ]);
  });
});
