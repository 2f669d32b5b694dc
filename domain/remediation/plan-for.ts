import type { StorageAccount } from '../model/storage-account.ts';
import type { Directory } from '../rules/directory.ts';
import { planConsent } from './plan-consent.ts';
import type { RemediationPlan } from './plan.ts';

/** The plan that mends what a rule found wrong with an account; null where nothing can be done without a person. */
export function planFor(rule: string, account: StorageAccount, directory: Directory): RemediationPlan | null {
  switch (rule) {
    case 'consent-granted':
      return planConsent(account, directory);
    default:
      return null;
  }
}

/** Whether two plans would do the same to the same object under the same precondition. */
export function samePlan(a: RemediationPlan, b: RemediationPlan): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}
