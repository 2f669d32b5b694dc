import { danglingExclusions, type ExclusionRequest } from './dangling-exclusions.ts';
import { none, type Planned, refusalFor } from './planned.ts';
import { planExclusions } from './policy-exclusions.ts';

/**
 * Puts, in a policy's exclusions, the present app of an account in the place of its former one that is gone (domain facts
 * 2.1, 5): only where history tells which one account it belonged to. The place in the list is kept.
 */
export function planDanglingExclusion(request: ExclusionRequest): Planned {
  const dangling = danglingExclusions(request);
  if (dangling.kind !== 'dangling') return dangling;
  const { target, exclusions } = dangling;
  const former = exclusions.filter((one) => one.kind === 'former');
  const leftOut = exclusions.flatMap((one) => {
    if (one.kind === 'former') return [];
    const refusal = one.kind === 'left' ? one.refusal : none('No account that the policy reaches had the app');
    return [{ about: one.appId, refusal }];
  });
  if (former.length === 0) return refusalFor(leftOut, 'No exclusion was named');
  const present = new Map(former.map(({ appId, newAppId }) => [appId, newAppId]));
  const replaced = target.exclude.map((entry) => present.get(entry.toLowerCase()) ?? entry);
  return {
    kind: 'plan',
    plan: planExclusions(target, [...new Set(replaced)], {
      action: 'replace-dangling-exclusion',
      risk: 'weakens-security',
    }),
    accounts: former
      .map(({ account }) => account)
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ id, name }) => ({ id, name })),
    leftOut,
  };
}
