import type { Collection } from '../model/collection.ts';
import { notRead } from '../model/not-read.ts';
import type { Settings } from '../model/settings.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Digest } from '../remediation/job.ts';
import { tenantAlongside } from '../remediation/tenant-alongside.ts';
import { indexDirectory } from '../rules/directory.ts';
import { enabledRules, evaluateTenant } from '../rules/index.ts';
import { appsWithoutAccount } from '../rules/orphan-candidates.ts';
import { orphansAmong } from '../rules/storage-app-not-orphaned.ts';
import type { Rule } from '../rules/rule.ts';
import { askForVanished, type AskForVanishedPorts } from './ask-for-vanished.ts';
import { namesToAsk } from './names-to-ask.ts';
import type {
  AccountNameCheck,
  AppCheck,
  FindingStore,
  JobStore,
  RunCollections,
  RunStore,
  WaiverStore,
} from './ports.ts';
import { reconcileTenant } from './reconcile-tenant.ts';
import { noRequests, type ShardTally } from './run.ts';
import { sumOfRequests, tallyOf } from './tally.ts';
import { toldOf } from './told.ts';
import { wantedBy } from './wanted.ts';
import type { Shard } from './work.ts';

/** So many apps are looked at once more in a run; of the others the list is believed. */
const appsPerRun = 200;

export interface JudgeTenantPorts extends AskForVanishedPorts {
  readonly collections: RunCollections;
  readonly runs: RunStore;
  readonly waivers: Pick<WaiverStore, 'all'>;
  readonly accountNames: AccountNameCheck;
  readonly apps: AppCheck;
  readonly findings: FindingStore;
  readonly jobs: Pick<JobStore, 'find'>;
  readonly now: () => number;
  readonly digest: Digest;
}

/**
 * Judges the rules about the tenant, over all accounts of the run, and reconciles. Repairs of what they find are planned on
 * their own. Looks for
 * accounts that have vanished as well, since a subscription without any account left has no shard of its own.
 */
export async function judgeTenant(
  { runId, baseline, factsReadAt }: Shard,
  settings: Settings,
  ports: JudgeTenantPorts,
): Promise<ShardTally> {
  const rules = enabledRules(settings).filter(({ about }) => about === 'tenant');
  const directory = indexDirectory((await ports.collections.shared(runId)).directory);
  const storageAccounts = await accountsFor(rules, runId, ports);
  const names = namesToAsk(directory, storageAccounts, settings);
  const { answers, requests } =
    names.length === 0
      ? { answers: new Map<string, never>(), requests: noRequests }
      : await ports.accountNames.check(names);
  const accountNames = (name: string) => answers.get(name.toLowerCase()) ?? null;
  // Names are asked about later than the directory was read: an app may have gone with its account meanwhile.
  const orphans = answers.size === 0 ? [] : orphansAmong(appsWithoutAccount(directory, storageAccounts), accountNames);
  const gone =
    orphans.length === 0
      ? { appIds: new Set<string>(), requests: noRequests }
      : await ports.apps.gone(orphans.slice(0, appsPerRun));
  const now = ports.now();
  const context = { directory, storageAccounts, accountNames, goneApps: gone.appIds, settings, now };
  const observed = evaluateTenant(context).map((judged) => ({
    rule: judged.rule.id,
    told: toldOf(judged, directory.facts.tenantId),
    others: judged.others,
  }));
  const { transitions, open } = await reconcileTenant(
    {
      rules: observed,
      now,
      factsReadAt,
      cause: { kind: 'nightly', id: runId, actor: { kind: 'unknown', objectId: null } },
      baseline,
      alongside: tenantAlongside(directory, runId, settings, { now, digest: ports.digest }),
    },
    ports,
  );
  const vanished = await askForVanished(
    {
      runId,
      settings,
      listedAt: factsReadAt,
      coverage: await ports.runs.coverage(runId),
      accounts: async () =>
        storageAccounts.state === 'unavailable' ? ports.collections.storageAccounts(runId) : storageAccounts,
    },
    ports,
  );
  return tallyOf({
    verdicts: observed.flatMap(({ told }) => told.map(({ verdict }) => verdict)),
    transitions,
    baselined: baseline ? open : 0,
    gaps: [],
    requests: sumOfRequests([requests, gone.requests]),
    vanished,
  });
}

/** A run may hold many accounts: they are read again only for a rule that looks at them. */
async function accountsFor(
  rules: readonly Rule[],
  runId: string,
  { collections }: Pick<JudgeTenantPorts, 'collections'>,
): Promise<Collection<StorageAccount>> {
  return wantedBy(rules).has('storage-accounts') ? collections.storageAccounts(runId) : notRead('storage-accounts');
}
