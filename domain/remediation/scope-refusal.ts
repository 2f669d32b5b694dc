import type { RemediationJob } from './job.ts';
import { subscriptionOf } from './subscription-of.ts';

/**
 * Why the remediator's own scope forbids a job: every account that it mends has to lie inside. Accounts that settings leave
 * out one by one are left out of the plan, which then differs. null when nothing forbids it.
 */
export async function scopeRefusal(
  { accounts }: RemediationJob,
  inScope: (subscriptionId: string) => Promise<boolean>,
): Promise<string | null> {
  const subscriptions = [...new Set(accounts.map(({ id }) => subscriptionOf(id)))];
  for (const subscription of subscriptions) {
    if (!(await inScope(subscription))) {
      return `The subscription ${subscription} is outside of the remediator's scope, or it cannot see it`;
    }
  }
  return null;
}
