import { watchedFacts } from '../drift/watched-facts.ts';
import type { Cause, Finding } from '../findings/finding.ts';
import { isBelievable } from '../model/believable.ts';
import { gapsOf, itemsOf } from '../model/collection.ts';
import { gapsIn } from '../model/facts.ts';
import type { Settings } from '../model/settings.ts';
import { alongside } from '../remediation/alongside.ts';
import { type JobRequest, remediationJobFor } from '../remediation/job-for-finding.ts';
import type { Digest } from '../remediation/job.ts';
import { planFor } from '../remediation/plan-for.ts';
import { indexDirectory } from '../rules/directory.ts';
import { enabledRules } from '../rules/index.ts';
import { indexResources, withFileServices } from '../rules/resources.ts';
import { storedWaivers } from './apply-waiver.ts';
import { auditAlone } from './audit-alone.ts';
import { readOf } from './collection-reads.ts';
import { observe } from './evaluate.ts';
import { keepLinks, type KeepLinksPorts } from './keep-links.ts';
import { markPolicies, type MarkPoliciesPorts } from './mark-policies.ts';
import type { AccountReads, FindingStore, RunCollections, WaiverStore } from './ports.ts';
import { leaveChanged, type LeaveChangedPorts } from './leave-changed.ts';
import { missedByEvents } from './missed-by-events.ts';
import { recordFacts, type RecordFactsPorts } from './record-facts.ts';
import { reconcile } from './reconcile.ts';
import type { Repairs } from './repair-jobs.ts';
import { emptyTally, type ShardTally } from './run.ts';
import { tallyOf } from './tally.ts';
import { neededBy, wantedBy } from './wanted.ts';
import type { Shard } from './work.ts';

export interface JudgeAccountsPorts extends RecordFactsPorts, KeepLinksPorts, MarkPoliciesPorts, LeaveChangedPorts {
  readonly collections: RunCollections;
  readonly findings: FindingStore;
  readonly jobs: Repairs['jobs'];
  readonly records: Repairs['records'];
  readonly accountReads: AccountReads;
  readonly waivers: Pick<WaiverStore, 'all'>;
  readonly now: () => number;
  readonly digest: Digest;
}

/** No shard takes longer than the functions' time limit. */
const longestShardMs = 10 * 60_000;

/** How old the facts of a shard may be for the directory watch to have missed little. */
const staleMs = 3_600_000;

/**
 * Judges the accounts of a shard, and reconciles. While a shard waited for hours, the directory watch led nowhere to an
 * account that nobody had judged, or that has another app since: it is audited again.
 */
export async function judgeAccounts(shard: Shard, settings: Settings, ports: JudgeAccountsPorts): Promise<ShardTally> {
  const { runId, number, subscriptionId, baseline, factsReadAt, previousReadAt } = shard;
  const rules = enabledRules(settings);
  const shared = await ports.collections.shared(runId);
  const facts = await ports.collections.shardFacts(runId, number, wantedBy(rules));
  const directory = indexDirectory(shared.directory);
  const resources = indexResources(shared.resources, facts.fileServices);
  const now = ports.now();
  const readSoFar = async (): Promise<ReadonlyMap<string, number>> =>
    new Map([...(await ports.accountReads.of(subscriptionId))].filter(([, readAt]) => isBelievable(readAt, now)));
  const reads = await readSoFar();
  // An account that was read on its own since the run's reading is judged already, by younger facts.
  const due = itemsOf(facts.storageAccounts).filter(({ key }) => (reads.get(key) ?? 0) < factsReadAt);
  // A shard that waited for hours still says how it was when its facts were read: the app may be another one by now.
  const asOf = Math.min(factsReadAt, now);
  const judged = due.map((account) => ({
    account,
    observations: observe(account, directory, resources, settings, asOf),
  }));
  const kept = await leaveChanged(
    shard,
    judged,
    (account, fileServices) => observe(account, directory, withFileServices(resources, fileServices), settings, asOf),
    ports,
  );
  const accounts = kept.map(({ account }) => account);
  const byKey = new Map(accounts.map((account) => [account.key, account]));
  // Before anything is judged: what is removed meanwhile has to lead the watch here.
  const relinked = await keepLinks(subscriptionId, accounts, directory, { readAt: factsReadAt, now }, ports);
  if (now - factsReadAt > staleMs) {
    const missed = accounts.filter(({ key }) => relinked.has(key));
    // Before the shard tells anything, which a crash may cut short; and audited when it has ended, so that neither sees half of the other.
    await auditAlone(missed, { runId, why: 'late', notBefore: now + longestShardMs }, ports);
  }
  if (accounts.length > 0) await markPolicies(null, directory.facts.conditionalAccessPolicies, ports);
  const cause: Cause = { kind: 'nightly', id: runId, actor: { kind: 'unknown', objectId: null } };
  const observed = kept.map(({ account, observations }) => ({ accountKey: account.key, observations }));
  const mendedWith = (finding: Finding): Omit<JobRequest, 'finding' | 'attempt'> | null => {
    const account = finding.account === null ? undefined : byKey.get(finding.account.key);
    const { digest } = ports;
    return account === undefined
      ? null
      : { account, directory, resources, settings, now, correlationId: runId, digest };
  };
  const { transitions, open } = await reconcile(
    {
      partition: subscriptionId,
      observed: { kind: 'accounts', accounts: observed },
      context: { now, factsReadAt, cause },
      waivers: () => storedWaivers(ports.waivers, (key) => byKey.get(key)?.tags ?? null),
      baseline,
      superseded: async () =>
        new Set([...(await readSoFar())].filter(([, readAt]) => readAt >= factsReadAt).map(([key]) => key)),
      repairs: {
        jobs: ports.jobs,
        records: ports.records,
        jobFor: (finding, attempt) => {
          const mended = mendedWith(finding);
          return mended === null ? null : remediationJobFor({ ...mended, finding, attempt });
        },
      },
      alongside: (finding) => {
        const mended = mendedWith(finding);
        return mended === null ? [] : alongside({ ...mended, finding, planned: planFor(finding.rule, mended) });
      },
    },
    ports.findings,
  );
  const seen = accounts.map((account) => ({
    accountKey: account.key,
    seen: watchedFacts(account, directory, resources),
  }));
  await recordFacts({ subscriptionId, accounts: seen, factsReadAt, cause }, ports);
  return tallyOf({
    verdicts: observed.flatMap(({ observations }) =>
      observations.flatMap((seen) => (seen.kind === 'verdict' ? [seen.verdict] : [])),
    ),
    transitions,
    baselined: baseline ? open : 0,
    gaps: gapsIn(
      { ...shared, ...facts },
      ['file-services' as const].filter((name) => neededBy(rules).has(name)),
    ),
    requests: facts.requests,
    missedByEvents: baseline
      ? emptyTally.missedByEvents
      : missedByEvents(transitions, reads, { factsReadAt, previousReadAt }),
    reads: wantedBy(rules).has('file-services')
      ? [readOf('file-services', subscriptionId, itemsOf(facts.fileServices).length, null, gapsOf(facts.fileServices))]
      : [],
  });
}
