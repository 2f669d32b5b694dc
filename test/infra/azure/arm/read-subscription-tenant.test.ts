import { expect, it } from 'vitest';
import { readSubscriptionTenant } from '../../../../infra/azure/arm/read-subscription-tenant.ts';
import { armForTest, refusal } from './arm-for-test.ts';

const id = '5b4b650e-28b9-4790-b3ab-ddbd88d727c4';

it('gives the tenant that the subscription trusts, in lower case', async () => {
  const { arm, seen } = armForTest(() => ({
    body: { subscriptionId: id, tenantId: '72F988BF-0000-4000-8000-000000000001' },
  }));

  expect(await readSubscriptionTenant(arm, id)).toBe('72f988bf-0000-4000-8000-000000000001');
  expect(seen[0]?.url.pathname).toBe(`/subscriptions/${id}`);
  expect(seen[0]?.url.searchParams.get('api-version')).toBe('2022-12-01');
});

it.each([
  ['may not be seen', refusal(403, 'AuthorizationFailed')],
  ['is out of reach', refusal(404, 'SubscriptionNotFound')],
  ['does not say', { body: { subscriptionId: id } }],
])('does not know that of a subscription that %s', async (_, answer) => {
  expect(await readSubscriptionTenant(armForTest(() => answer).arm, id)).toBeNull();
});

it('does not take an outage for an answer', async () => {
  await expect(readSubscriptionTenant(armForTest(() => refusal(500, 'InternalServerError')).arm, id)).rejects.toThrow(
    /500/,
  );
});
