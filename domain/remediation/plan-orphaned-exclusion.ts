import { danglingExclusions, type ExclusionRequest } from './dangling-exclusions.ts';
import { none, type Planned, refusalFor } from './planned.ts';
import { planExclusions } from './policy-exclusions.ts';

/**
 * Takes apps that are gone off a policy's exclusions, where no account needs another one in their place; the other
 * exclusions keep their order.
 */
export function planOrphanedExclusion(request: ExclusionRequest): Planned {
  const dangling = danglingExclusions(request);
  if (dangling.kind !== 'dangling') return dangling;
  const { target, exclusions } = dangling;
  const orphans = new Set(exclusions.flatMap(({ kind, appId }) => (kind === 'orphan' ? [appId] : [])));
  const leftOut = exclusions.flatMap((one) => {
    if (one.kind === 'orphan') return [];
    const refusal = one.kind === 'left' ? one.refusal : none('An account has another app in its place by now');
    return [{ about: one.appId, refusal }];
  });
  if (orphans.size === 0) return refusalFor(leftOut, 'No exclusion was named');
  const kept = target.exclude.filter((entry) => !orphans.has(entry.toLowerCase()));
  return {
    kind: 'plan',
    plan: planExclusions(target, kept, { action: 'remove-orphaned-exclusion', risk: 'safe' }),
    accounts: [],
    leftOut,
  };
}
