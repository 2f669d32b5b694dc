import type { Digest } from './job.ts';
import type { RemediationPlan } from './plan.ts';

/** Whether two plans would do the same to the same object under the same precondition. */
export function samePlan(a: RemediationPlan, b: RemediationPlan): boolean {
  return canonical(a) === canonical(b);
}

/** What an approval is given for: it is that of every plan that is the same, and of no other. */
export function planDigest(plan: RemediationPlan, digest: Digest): string {
  return digest(canonical(plan));
}

/** Members in one order; lists keep theirs, since a plan writes them so. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}
