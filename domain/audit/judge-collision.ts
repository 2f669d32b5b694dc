import type { Transition } from '../findings/finding.ts';
import type { Collision } from '../model/collision.ts';
import type { Settings } from '../model/settings.ts';
import { evaluateOperation } from '../rules/index.ts';
import { remediationCollision } from '../rules/remediation-collision.ts';
import type { JudgeCoveragePorts } from './judge-coverage.ts';
import { reconcileTenant } from './reconcile-tenant.ts';

/** Opens the finding of a collision that the remediator told of, or closes it; in the partition of the tenant, never as a baseline. */
export async function judgeCollision(
  collision: Collision,
  settings: Settings,
  ports: JudgeCoveragePorts,
): Promise<readonly Transition[]> {
  const rules = evaluateOperation({ coverage: [], collisions: [collision] }, settings)
    .filter(({ rule }) => rule.id === remediationCollision.id)
    .map(({ rule, subjects, others }) => ({ rule: rule.id, told: subjects, others }));
  if (rules.length === 0) return [];
  const { transitions } = await reconcileTenant(
    {
      rules,
      now: ports.now(),
      factsReadAt: collision.at,
      cause: { kind: 'verification', id: collision.jobId, actor: { kind: 'unknown', objectId: null } },
      baseline: false,
    },
    ports,
  );
  return transitions;
}
