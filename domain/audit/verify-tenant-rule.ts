import type { Cause, Transition } from '../findings/finding.ts';
import { noSubscription } from '../findings/place.ts';
import { gapsIn } from '../model/facts.ts';
import { notRead } from '../model/not-read.ts';
import { isPassingGap } from '../model/passing-gap.ts';
import type { Settings } from '../model/settings.ts';
import type { Digest } from '../remediation/job.ts';
import { PlanUnreadable } from '../remediation/plan-of-repair.ts';
import { tenantAlongside } from '../remediation/tenant-alongside.ts';
import { indexDirectory } from '../rules/directory.ts';
import { enabledRules, evaluateTenant } from '../rules/index.ts';
import type { FreshFacts, RunStore } from './ports.ts';
import { reconcileTenant, type ReconcileTenantPorts } from './reconcile-tenant.ts';
import { toldOf } from './told.ts';

export interface VerifyTenantRulePorts extends ReconcileTenantPorts {
  readonly facts: Pick<FreshFacts, 'shared'>;
  readonly runs: Pick<RunStore, 'baselined'>;
  readonly now: () => number;
  readonly digest: Digest;
}

/**
 * Judges one rule about the tenant between the nights, after a repair: one that rests on the directory alone. Others, and
 * a rule that is switched off, wait for the night. What it opens is planned for: no later night would see it open.
 * @throws PlanUnreadable when trying again may help.
 */
export async function verifyTenantRule(
  ruleId: string,
  cause: Cause,
  settings: Settings,
  ports: VerifyTenantRulePorts,
): Promise<readonly Transition[]> {
  const rule = enabledRules(settings).find(({ id, about }) => id === ruleId && about === 'tenant');
  if (rule === undefined || rule.needs.includes('storage-accounts')) return [];
  const factsReadAt = ports.now();
  const shared = await ports.facts.shared();
  const gap = gapsIn(shared, rule.needs).find(isPassingGap);
  if (gap !== undefined) throw new PlanUnreadable(gap);
  const directory = indexDirectory(shared.directory);
  const now = ports.now();
  const judged = evaluateTenant({
    directory,
    storageAccounts: notRead('storage-accounts'),
    accountNames: () => null,
    settings,
    now,
  });
  const rules = judged
    .filter((one) => one.rule.id === ruleId)
    .map((one) => ({ rule: ruleId, told: toldOf(one, directory.facts.tenantId), others: one.others }));
  const baseline = !(await ports.runs.baselined()).has(noSubscription);
  const alongside = tenantAlongside(directory, cause.id, settings, { now, digest: ports.digest });
  const { transitions } = await reconcileTenant({ rules, now, factsReadAt, cause, baseline, alongside }, ports);
  return transitions;
}
