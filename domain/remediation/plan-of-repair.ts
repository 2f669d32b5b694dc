import { inScope } from '../audit/evaluate.ts';
import type { FreshAccount, FreshFacts } from '../audit/ports.ts';
import { type Gap, gapsOf } from '../model/collection.ts';
import { gapsIn } from '../model/facts.ts';
import { isPassingGap } from '../model/passing-gap.ts';
import type { Settings } from '../model/settings.ts';
import { type Directory, indexDirectory } from '../rules/directory.ts';
import { indexResources } from '../rules/resources.ts';
import { planFor, planForExclusions, planForPolicy } from './plan-for.ts';
import { none, type Planned } from './planned.ts';
import type { Repair } from './repair.ts';
import type { TenantFacts } from './tenant-facts.ts';

export interface PlanPorts {
  readonly facts: FreshFacts;
  readonly tenantFacts: TenantFacts;
  /** Epoch milliseconds, UTC. */
  readonly now: () => number;
}

/** What the repair is for: the accounts that the findings are about, or the apps that are excluded. */
export interface Mended {
  /** ARM ids, any case. */
  readonly accountIds: readonly string[];
  readonly appIds: readonly string[];
}

/** What a plan rests on could not be read, for a reason that passes: try again later. */
export class PlanUnreadable extends Error {
  override readonly name = 'PlanUnreadable';
  readonly gap: Gap;
  constructor(gap: Gap) {
    super(`${gap.collection} of ${gap.scope} could not be read to plan a repair (${gap.reason}); it is planned later`);
    this.gap = gap;
  }
}

/** Reads of single accounts that are under way at once. */
const atOnce = 8;

export interface PlannedRepair {
  /** Of the directory that was read. */
  readonly tenantId: string;
  readonly planned: Planned;
  /** What was planned from. */
  readonly directory: Directory;
}

/**
 * Plans a repair from facts read now; an account that is gone, out of scope or not to be read is left out. What cannot be
 * known leads to no plan, and the answer says why.
 * @throws PlanUnreadable when trying again may help.
 */
export async function planOfRepair(
  repair: Repair,
  { accountIds, appIds }: Mended,
  settings: Settings,
  ports: PlanPorts,
): Promise<PlannedRepair> {
  const { facts } = ports;
  const readings = repair.of === 'exclusions' ? [] : await readAccounts(accountIds, facts);
  const found = readings.filter((reading) => reading.state === 'found');
  const accounts = found.map(({ account }) => account).filter((account) => inScope(account, settings));
  const shared = await facts.shared();
  const directory = indexDirectory(shared.directory);
  // Other lists are known to matter by the plan alone, which refuses what it does not know.
  refusePassing(
    gapsIn(shared, ['applications', 'service-principals', 'oauth2-permission-grants', 'conditional-access-policies']),
  );
  const { tenantId } = shared.directory;
  return { tenantId, planned: await planned(), directory };

  async function planned(): Promise<Planned> {
    switch (repair.of) {
      case 'policy':
        if (accounts.length === 0) return none('None of the accounts is there, in scope and readable');
        return planForPolicy({ policyId: repair.policyId, accounts, directory });
      case 'exclusions':
        return planForExclusions({
          policyId: repair.policyId,
          appIds,
          directory,
          ...(await exclusionFacts(appIds, ports.tenantFacts)),
        });
      case 'account': {
        const [one] = found;
        const [account] = accounts;
        if (one === undefined || account === undefined) return none('The account is not there, in scope and readable');
        const resources = indexResources(shared.resources, one.fileServices);
        return planFor(repair.rule, { account, directory, resources, settings, now: ports.now() });
      }
    }
  }
}

async function exclusionFacts(appIds: readonly string[], tenantFacts: TenantFacts) {
  // Those out of scope too: an exclusion that one of them needs is not left over.
  const storageAccounts = await tenantFacts.storageAccounts();
  refusePassing(gapsOf(storageAccounts));
  return {
    storageAccounts,
    formerApps: await tenantFacts.formerApps(),
    restorable: await tenantFacts.restorable(appIds.map((appId) => appId.toLowerCase())),
  };
}

/** What is there now at these ids. @throws PlanUnreadable when trying again may help */
export async function readAccounts(accountIds: readonly string[], facts: FreshFacts): Promise<readonly FreshAccount[]> {
  const ids = [...new Map(accountIds.map((id) => [id.toLowerCase(), id])).values()];
  const readings: FreshAccount[] = [];
  for (let start = 0; start < ids.length; start += atOnce) {
    readings.push(...(await Promise.all(ids.slice(start, start + atOnce).map((id) => facts.account(id)))));
  }
  refusePassing(readings.flatMap((reading) => (reading.state === 'unreadable' ? [reading.gap] : [])));
  return readings;
}

/** @throws PlanUnreadable for a gap that passes. */
export function refusePassing(gaps: readonly Gap[]): void {
  const gap = gaps.find(isPassingGap);
  if (gap !== undefined) throw new PlanUnreadable(gap);
}
