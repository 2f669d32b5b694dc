import { statusOf } from '../failure.ts';
import { isWireObject } from '../wire-object.ts';
import type { ArmClients } from './arm-client.ts';

/**
 * The tenant that a subscription trusts, in lower case; null where the caller may not see the subscription, or it does not
 * say. A row of Resource Graph names the tenant of its account, and ARM's answer about one account does not.
 *
 * @throws RestError where ARM could not answer, SignInRefused, AbortError
 */
export async function readSubscriptionTenant(arm: ArmClients, subscriptionId: string): Promise<string | null> {
  try {
    const subscription = await arm.get(`/subscriptions/${encodeURIComponent(subscriptionId)}?api-version=2022-12-01`);
    const tenantId = isWireObject(subscription) ? subscription['tenantId'] : null;
    return typeof tenantId === 'string' && tenantId !== '' ? tenantId.toLowerCase() : null;
  } catch (error) {
    const status = statusOf(error);
    if (status === 403 || status === 404) return null;
    throw error;
  }
}
