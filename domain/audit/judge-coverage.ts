import type { Transition } from '../findings/finding.ts';
import type { Coverage } from '../model/coverage.ts';
import type { Settings } from '../model/settings.ts';
import { evaluateOperation } from '../rules/index.ts';
import { reconcileTenant, type ReconcileTenantPorts } from './reconcile-tenant.ts';
import type { Run } from './run.ts';

export interface JudgeCoveragePorts extends ReconcileTenantPorts {
  readonly now: () => number;
}

/**
 * Judges what a run could not read that one before it could, and reconciles: in the partition of the tenant, once for
 * each thing lost, and never in its baseline.
 */
export async function judgeCoverage(
  run: Pick<Run, 'id' | 'startedAt'>,
  coverage: readonly Coverage[],
  baseline: boolean,
  settings: Settings,
  ports: JudgeCoveragePorts,
): Promise<readonly Transition[]> {
  const rules = evaluateOperation({ coverage }, settings).map(({ rule, subjects, others }) => ({
    rule: rule.id,
    told: subjects,
    others,
  }));
  // An empty ledger is that of a run planned by a version without one: it says nothing, so nothing is resolved by it.
  if (baseline || rules.length === 0 || coverage.length === 0) return [];
  const { transitions } = await reconcileTenant(
    {
      rules,
      now: ports.now(),
      factsReadAt: run.startedAt,
      cause: { kind: 'nightly', id: run.id, actor: { kind: 'unknown', objectId: null } },
      baseline: false,
    },
    ports,
  );
  return transitions;
}
