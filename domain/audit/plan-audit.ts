import { noSubscription } from '../findings/place.ts';
import { itemsOf } from '../model/collection.ts';
import { gapsIn } from '../model/facts.ts';
import type { Settings } from '../model/settings.ts';
import { holdsSmbShares, type StorageAccount } from '../model/storage-account.ts';
import type { Digest } from '../remediation/job.ts';
import { enabledRules } from '../rules/index.ts';
import { collectionReads } from './collection-reads.ts';
import { coverageLedger, lastFinishedBefore } from './coverage-ledger.ts';
import { inScope } from './evaluate.ts';
import type { Messages, RunCollections, RunStore } from './ports.ts';
import type { Run } from './run.ts';
import { neededBy, wantedBy } from './wanted.ts';
import { accountsPerShard, type Shard } from './work.ts';

export interface PlanAuditPorts {
  readonly collections: RunCollections;
  readonly runs: RunStore;
  readonly messages: Messages;
  readonly now: () => number;
  readonly digest: Digest;
}

/**
 * Reads the estate once, keeps what the shards need, and queues one message per shard; the last shard is the tenant's.
 * Planning the same run again queues the same messages.
 * @param runId unique per run; letters, digits, `-`.
 */
export async function planAudit(runId: string, settings: Settings, ports: PlanAuditPorts): Promise<Run> {
  const startedAt = ports.now();
  const rules = enabledRules(settings);
  const wanted = wantedBy(rules);
  const captured = await ports.collections.capture(runId, wanted);
  const seen = itemsOf(captured.storageAccounts);
  const accounts = seen.filter((account) => inScope(account, settings));
  const parts = cut(accounts, ports.digest);
  const baselined = await ports.runs.baselined();
  const previous = await lastFinishedBefore(startedAt, ports.runs);
  const shards = [...parts, tenantPart].map(({ subscriptionId, accounts: { length } }, number): Shard => ({
    runId,
    number,
    subscriptionId,
    baseline: !baselined.has(subscriptionId),
    accounts: length,
    factsReadAt: startedAt,
    previousReadAt: previous?.startedAt,
  }));
  for (const [number, part] of parts.entries()) {
    await ports.collections.keepShard(
      runId,
      number,
      part.accounts.map(({ key }) => key),
    );
  }
  ports.collections.release(runId);
  const run: Run = {
    id: runId,
    tenantId: captured.directory.tenantId,
    startedAt,
    finishedAt: null,
    shards: shards.length,
    gaps: gapsIn(captured, neededBy(rules)),
    requests: captured.requests,
    accounts: {
      seen: seen.length,
      inScope: accounts.filter(({ kind }) => holdsSmbShares(kind) !== 'no').length,
    },
    tally: null,
  };
  const before = previous === null ? [] : await ports.runs.coverage(previous.id);
  const { reach } = captured;
  const ledger = coverageLedger(collectionReads(captured, wanted), before, { settings, reach, readAt: startedAt });
  // Before the run itself: once that is there its shards may be audited, whoever queues them.
  await ports.runs.keepCoverage(runId, ledger);
  await ports.runs.start(run, shards);
  await ports.messages.auditWork(
    shards.map(({ number }) => ({
      messageId: `${runId}:${String(number)}`,
      work: { kind: 'shard', runId, shard: number },
      notBefore: null,
    })),
  );
  return run;
}

interface Part {
  readonly subscriptionId: string;
  readonly accounts: readonly StorageAccount[];
}

/** Rules about the tenant are judged even where there is no account. */
const tenantPart: Part = { subscriptionId: noSubscription, accounts: [] };

/** One subscription to a shard or several; within it in the order of the store's keys, so that a shard reads one range. */
function cut(accounts: readonly StorageAccount[], digest: Digest): Part[] {
  const bySubscription = Map.groupBy(accounts, (account) => account.subscriptionId);
  return [...bySubscription.keys()].sort().flatMap((subscriptionId) => {
    const sorted = (bySubscription.get(subscriptionId) ?? [])
      .map((account) => ({ account, order: digest(account.key) }))
      .sort((a, b) => (a.order < b.order ? -1 : 1))
      .map(({ account }) => account);
    return Array.from({ length: Math.ceil(sorted.length / accountsPerShard) }, (_, index) => ({
      subscriptionId,
      accounts: sorted.slice(index * accountsPerShard, (index + 1) * accountsPerShard),
    }));
  });
}
