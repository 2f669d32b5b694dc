import type { LocalCloud, LocalRequest, LocalResponse, Route } from '../exchange.ts';
import type { LocalSubscription } from '../local-tenant.ts';
import type { WireObject } from '../wire-object.ts';
import { readableSubscription } from './access.ts';
import { requireApiVersion } from './api-version.ts';
import { armPage } from './arm-page.ts';

export const subscriptionRoutes: readonly Route[] = [
  { method: 'GET', path: /^\/subscriptions$/i, answer: listSubscriptions },
  {
    method: 'GET',
    path: /^\/subscriptions\/([^/]+)$/i,
    answer: (cloud, request, [id = '']) => {
      requireApiVersion(request);
      return { status: 200, body: toWire(cloud, readableSubscription(cloud, request, id)) };
    },
  },
];

function listSubscriptions(cloud: LocalCloud, request: LocalRequest): LocalResponse {
  requireApiVersion(request);
  const readable = cloud.tenant.subscriptions.filter((subscription) => subscription.readable);
  return armPage(
    cloud,
    request,
    readable.map((subscription) => toWire(cloud, subscription)),
  );
}

function toWire(cloud: LocalCloud, subscription: LocalSubscription): WireObject {
  return {
    id: `/subscriptions/${subscription.id}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: subscription.id,
    tenantId: subscription.tenantId ?? cloud.tenant.tenantId,
    displayName: subscription.name,
    state: 'Enabled',
  };
}
