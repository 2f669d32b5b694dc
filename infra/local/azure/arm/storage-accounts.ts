import type { LocalCloud, LocalRequest, LocalResponse, Route } from '../exchange.ts';
import { partsOfResourceId } from '../resource-id.ts';
import { Refusal } from '../refusal.ts';
import { collectionOf } from '../local-tenant.ts';
import { isWireObject, mergePatch, objectOf, sameText, textOf, type WireObject } from '../wire-object.ts';
import { accountId, existingAccount, readableSubscription } from './access.ts';
import { announce } from './announce.ts';
import { requireApiVersion } from './api-version.ts';
import { armPage } from './arm-page.ts';
import { followIdentitySource } from './storage-provider.ts';

const onAccount =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Storage\/storageAccounts\/([^/]+)$/i;
const type = 'Microsoft.Storage/storageAccounts';

export const storageAccountRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/subscriptions\/([^/]+)\/providers\/Microsoft\.Storage\/storageAccounts$/i,
    answer: listAccounts,
  },
  {
    method: 'GET',
    path: onAccount,
    answer: (cloud, request, match) => {
      requireApiVersion(request);
      return { status: 200, body: asArmResource(existingAccount(cloud, request, match)) };
    },
  },
  { method: 'PATCH', path: onAccount, answer: updateAccount },
  { method: 'PUT', path: onAccount, answer: putAccount },
  { method: 'DELETE', path: onAccount, answer: deleteAccount },
  {
    method: 'POST',
    path: /^\/subscriptions\/([^/]+)\/providers\/Microsoft\.Storage\/checkNameAvailability$/i,
    answer: checkNameAvailability,
  },
];

function listAccounts(cloud: LocalCloud, request: LocalRequest, [id = '']: readonly string[]): LocalResponse {
  requireApiVersion(request);
  readableSubscription(cloud, request, id);
  const accounts = [...collectionOf(cloud.tenant, 'storage-accounts').values()].filter((account) =>
    sameText(partsOfResourceId(textOf(account, 'id') ?? '')?.subscriptionId ?? '', id),
  );
  return armPage(cloud, request, accounts.map(asArmResource));
}

function updateAccount(cloud: LocalCloud, request: LocalRequest, match: readonly string[]): LocalResponse {
  requireApiVersion(request);
  const before = asArmResource(existingAccount(cloud, request, match));
  const body = bodyOf(request);
  const after = mergePatch(before, { ...body, id: before['id'], name: before['name'], type });
  // ARM replaces tags as a whole; everything under properties is merged.
  if ('tags' in body) after['tags'] = body['tags'];
  return store(cloud, request, before, after);
}

function putAccount(cloud: LocalCloud, request: LocalRequest, match: readonly string[]): LocalResponse {
  requireApiVersion(request);
  const [subscription = '', resourceGroup = '', name = ''] = match;
  readableSubscription(cloud, request, subscription);
  const accounts = collectionOf(cloud.tenant, 'storage-accounts');
  const id = accountId(subscription, resourceGroup, name);
  const old = accounts.get(id.toLowerCase());
  if (old !== undefined) return updateAccount(cloud, request, match);
  if (!isNameFree(cloud, name)) {
    throw new Refusal(409, 'StorageAccountAlreadyTaken', `The storage account named ${name} is already taken.`);
  }
  const body = bodyOf(request);
  for (const required of ['kind', 'location', 'sku']) {
    if (!(required in body)) {
      throw new Refusal(400, 'InvalidRequestContent', `The request content has no '${required}'.`);
    }
  }
  const made: WireObject = {
    creationTime: cloud.clock().toISOString(),
    provisioningState: 'Succeeded',
    primaryEndpoints: { file: `https://${name}.file.core.windows.net/` },
    privateEndpointConnections: [],
  };
  const after = { ...body, id, name, type, properties: mergePatch(made, objectOf(body, 'properties')) };
  return store(cloud, request, null, after);
}

function store(cloud: LocalCloud, request: LocalRequest, before: WireObject | null, after: WireObject): LocalResponse {
  followIdentitySource(cloud, before, after);
  collectionOf(cloud.tenant, 'storage-accounts').set((textOf(after, 'id') ?? '').toLowerCase(), after);
  announce(cloud, request, `${type}/write`, before, after);
  return { status: 200, body: after };
}

function deleteAccount(cloud: LocalCloud, request: LocalRequest, match: readonly string[]): LocalResponse {
  requireApiVersion(request);
  const before = asArmResource(existingAccount(cloud, request, match));
  // The directory objects stay behind: an account deleted while switched on leaves an orphaned application.
  collectionOf(cloud.tenant, 'storage-accounts').delete((textOf(before, 'id') ?? '').toLowerCase());
  announce(cloud, request, `${type}/delete`, before, null);
  return { status: 200 };
}

function checkNameAvailability(cloud: LocalCloud, request: LocalRequest, [id = '']: readonly string[]): LocalResponse {
  requireApiVersion(request);
  readableSubscription(cloud, request, id);
  const name = textOf(bodyOf(request), 'name') ?? '';
  if (!/^[a-z0-9]{3,24}$/.test(name)) {
    return {
      status: 200,
      body: {
        nameAvailable: false,
        reason: 'AccountNameInvalid',
        message: `${name} is not a valid storage account name.`,
      },
    };
  }
  if (isNameFree(cloud, name)) return { status: 200, body: { nameAvailable: true } };
  const message = `The storage account named ${name} is already taken.`;
  return { status: 200, body: { nameAvailable: false, reason: 'AlreadyExists', message } };
}

/** Names are free or taken for the whole world, also by accounts the caller cannot see. */
function isNameFree(cloud: LocalCloud, name: string): boolean {
  const accounts = [...collectionOf(cloud.tenant, 'storage-accounts').values()];
  return !accounts.some((account) => sameText(textOf(account, 'name') ?? '', name));
}

function bodyOf(request: LocalRequest): WireObject {
  if (isWireObject(request.body)) return request.body;
  throw new Refusal(400, 'InvalidRequestContent', 'The request content was invalid and could not be deserialized.');
}

const rowOnly = new Set(['resourceGroup', 'subscriptionId', 'tenantId', 'managedBy', 'plan']);

/** The account without the members that only its Resource Graph row has. */
function asArmResource(account: WireObject): WireObject {
  return { ...Object.fromEntries(Object.entries(account).filter(([key]) => !rowOnly.has(key))), type };
}
