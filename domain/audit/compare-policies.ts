import { policyChange, type TouchesApp } from '../conditional-access/policy-change.ts';
import type { Digest } from '../remediation/job.ts';
import { digestOfPolicies } from './mark-policies.ts';
import type { WatchedPolicy, WatchStore } from './watch-ports.ts';

export interface PoliciesCompared {
  readonly state: 'read';
  /** Hash over all policies now, and when they were last compared; null: never. */
  readonly position: string;
  readonly before: string | null;
  /** Digest of what they say; null where one of them cannot be read. */
  readonly says: string | null;
  readonly changed: readonly WatchedPolicy[];
  readonly goneIds: readonly string[];
  /** One per policy that is new, changed or gone; none at the first look, which has nothing to compare with. */
  readonly touches: readonly PolicyTouch[];
}

/** What a policy's change does, and when it came as the policy itself says; null where it does not say so. */
export interface PolicyTouch {
  readonly touchesApp: TouchesApp;
  readonly modifiedAt: number | null;
}

/**
 * Compares the policies with those kept from the last look, which are read only where the hash over all differs.
 */
export async function comparePolicies(
  policies: readonly WatchedPolicy[],
  before: string | null,
  ports: { readonly watch: WatchStore; readonly digest: Digest },
): Promise<PoliciesCompared> {
  const position = ports.digest(
    policies
      .map(({ id, hash }) => `${id} ${hash}`)
      .sort()
      .join('\n'),
  );
  const read = policies.flatMap(({ policy }) => (policy === null ? [] : [policy]));
  const says = read.length === policies.length ? digestOfPolicies(read, ports.digest) : null;
  if (position === before) return { state: 'read', position, before, says, changed: [], goneIds: [], touches: [] };
  const kept = new Map((await ports.watch.policies()).map((policy) => [policy.id, policy]));
  const changed = policies.filter(({ id, hash }) => kept.get(id)?.hash !== hash);
  const ids = new Set(policies.map(({ id }) => id));
  const gone = [...kept.values()].filter(({ id }) => !ids.has(id));
  const touches = [
    ...changed.map((policy) => changeOf(kept.get(policy.id) ?? null, policy)),
    ...gone.map((policy) => changeOf(policy, null)),
  ];
  return {
    state: 'read',
    position,
    before,
    says,
    changed,
    goneIds: gone.map(({ id }) => id).sort(),
    touches: before === null ? [] : touches,
  };
}

/** A policy that cannot be read on either side may do anything to any app. */
function changeOf(before: WatchedPolicy | null, after: WatchedPolicy | null): PolicyTouch {
  const unclear = before?.policy === null || after?.policy === null;
  const told = after?.modifiedAt ?? null;
  return {
    touchesApp: unclear ? () => true : policyChange(before?.policy ?? null, after?.policy ?? null),
    // The same time as before is that of an earlier change.
    modifiedAt: told === (before?.modifiedAt ?? null) ? null : told,
  };
}
