import type { LocalCloud, LocalRequest } from '../exchange.ts';
import { Refusal } from '../refusal.ts';
import { collectionOf, subscriptionOf, type LocalSubscription } from '../local-tenant.ts';
import type { WireObject } from '../wire-object.ts';

/** The subscription of that id where the caller may read it; 404 where there is none, 403 where it is closed. */
export function readableSubscription(cloud: LocalCloud, request: LocalRequest, id: string): LocalSubscription {
  const subscription = subscriptionOf(cloud.tenant, id);
  if (subscription === undefined) {
    throw new Refusal(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`);
  }
  if (!subscription.readable) throw authorizationFailed(request, 'read', request.path);
  return subscription;
}

export function authorizationFailed(request: LocalRequest, action: string, scope: string): Refusal {
  return new Refusal(
    403,
    'AuthorizationFailed',
    `The client '${request.actor.appId}' with object id '${request.actor.objectId}' does not have authorization to ` +
      `perform action '${action}' over scope '${scope}' or the scope is invalid.`,
  );
}

export function accountId(subscription: string, resourceGroup: string, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Storage/storageAccounts/${name}`;
}

/** The stored account, whatever the case of the ids in the request. */
export function existingAccount(
  cloud: LocalCloud,
  request: LocalRequest,
  [subscription = '', resourceGroup = '', name = '']: readonly string[],
): WireObject {
  readableSubscription(cloud, request, subscription);
  const account = collectionOf(cloud.tenant, 'storage-accounts').get(
    accountId(subscription, resourceGroup, name).toLowerCase(),
  );
  if (account !== undefined) return account;
  throw new Refusal(
    404,
    'ResourceNotFound',
    `The Resource 'Microsoft.Storage/storageAccounts/${name}' under resource group '${resourceGroup}' was not found.`,
  );
}
