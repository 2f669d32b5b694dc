import type { Transition } from '../findings/finding.ts';
import { type Observation, worstSeverity } from '../findings/reduce.ts';
import type { Settings } from '../model/settings.ts';
import { compareSeverity, type Outcome, type Severity } from '../model/verdict.ts';
import { remediationJobFor } from '../remediation/job-for-finding.ts';
import type { Digest } from '../remediation/job.ts';
import { indexDirectory } from '../rules/directory.ts';
import { observe } from './evaluate.ts';
import { finishRun } from './finish-run.ts';
import type { AccountReads, FindingStore, Outbox, RunCollections, RunStore } from './ports.ts';
import { reconcile } from './reconcile.ts';
import type { Tally } from './run.ts';

export interface AuditShardPorts {
  readonly collections: RunCollections;
  readonly runs: RunStore;
  readonly findings: FindingStore;
  readonly outbox: Outbox;
  readonly accountReads: AccountReads;
  readonly now: () => number;
  readonly digest: Digest;
}

/** The run or the shard that a message names was never planned. */
export class UnknownShard extends Error {
  override readonly name = 'UnknownShard';
}

/**
 * Audits one shard of a run from the facts the run kept. A redelivery finds the shard done, or does it again with the
 * same result.
 * @returns the partition that may hold something to send, and whether this was the run's last shard.
 * @throws UnknownShard when the run does not know it.
 */
export async function auditShard(
  runId: string,
  number: number,
  settings: Settings,
  ports: AuditShardPorts,
): Promise<{ readonly subscriptionId: string; readonly runFinished: boolean }> {
  const found = await ports.runs.shard(runId, number);
  if (found === null) {
    throw new UnknownShard(
      `Run ${runId} has no shard ${String(number)}: the message is stale or was not sent by a planner`,
    );
  }
  const { shard, tally } = found;
  if (tally === null) {
    await ports.runs.finishShard(runId, number, await auditAccounts());
  }
  return { subscriptionId: shard.subscriptionId, runFinished: await finishRun(runId, ports) };

  async function auditAccounts(): Promise<Tally> {
    const facts = await ports.collections.directory(runId);
    const directory = indexDirectory(facts);
    const reads = await ports.accountReads.of(shard.subscriptionId);
    // An account that was read on its own since the run's reading is judged already, by younger facts.
    const accounts = (await ports.collections.shardAccounts(runId, number)).filter(
      ({ key }) => (reads.get(key) ?? 0) < shard.factsReadAt,
    );
    const now = ports.now();
    const observed = accounts.map((account) => ({
      account,
      accountKey: account.key,
      observations: observe(account, directory, settings, now),
    }));
    const byKey = new Map(accounts.map((account) => [account.key, account]));
    const { transitions, open } = await reconcile(
      {
        subscriptionId: shard.subscriptionId,
        accounts: observed,
        context: {
          now,
          factsReadAt: shard.factsReadAt,
          cause: { kind: 'nightly', id: runId, actor: { kind: 'unknown', objectId: null } },
        },
        baseline: shard.baseline,
        jobFor: (finding) => {
          const account = byKey.get(finding.account.key);
          return account === undefined
            ? null
            : remediationJobFor({
                finding,
                account,
                directory,
                settings,
                now,
                correlationId: runId,
                digest: ports.digest,
              });
        },
      },
      ports.findings,
    );
    return tallyOf(
      observed.flatMap(({ observations }) => observations),
      transitions,
      shard.baseline ? open : 0,
    );
  }
}

function tallyOf(observations: readonly Observation[], transitions: readonly Transition[], baselined: number): Tally {
  const verdicts: Record<Outcome, number> = { pass: 0, fail: 0, warn: 0, unknown: 0, 'not-applicable': 0 };
  let worst: Severity | null = null;
  for (const observation of observations) {
    if (observation.kind !== 'verdict') continue;
    const { outcome, severity } = observation.verdict;
    verdicts[outcome] += 1;
    if (outcome === 'fail' || outcome === 'warn') worst = worst === null ? severity : worstSeverity(worst, severity);
  }
  const count = (kind: Transition['kind']): number =>
    transitions.filter((transition) => transition.kind === kind).length;
  return {
    verdicts,
    opened: count('opened'),
    reopened: count('reopened'),
    resolved: count('resolved'),
    baselined,
    worst: worst !== null && compareSeverity(worst, 'info') === 0 ? null : worst,
  };
}
