import type { LocalCloud, LocalRequest, LocalResponse, Route } from '../exchange.ts';
import { Refusal } from '../refusal.ts';
import { collectionOf } from '../local-tenant.ts';
import { isWireObject, objectOf, textOf, type WireObject } from '../wire-object.ts';
import { authorizationFailed, existingAccount } from './access.ts';
import { announce } from './announce.ts';
import { requireApiVersion } from './api-version.ts';

const path =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Storage\/storageAccounts\/([^/]+)\/fileServices\/default$/i;
const type = 'Microsoft.Storage/storageAccounts/fileServices';
const corsMembers = ['allowedOrigins', 'allowedMethods', 'allowedHeaders', 'exposedHeaders', 'maxAgeInSeconds'];

export const fileServiceRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    answer: (cloud, request, match) => ({ status: 200, body: currentService(cloud, request, match) }),
  },
  { method: 'PUT', path, answer: putService },
];

function currentService(cloud: LocalCloud, request: LocalRequest, match: readonly string[]): WireObject {
  requireApiVersion(request);
  const account = existingAccount(cloud, request, match);
  if (cloud.tenant.forbidden.has('file-services') || cloud.faults.isForbidden('file-services')) {
    throw authorizationFailed(request, `${type}/read`, request.path);
  }
  const kind = textOf(account, 'kind') ?? '';
  if (kind === 'BlobStorage' || kind === 'BlockBlobStorage') {
    throw new Refusal(400, 'FeatureNotSupportedForAccount', `File is not supported for the account of kind ${kind}.`);
  }
  const id = `${textOf(account, 'id') ?? ''}/fileServices/default`;
  const stored = collectionOf(cloud.tenant, 'file-services').get(id.toLowerCase());
  return stored ?? { sku: account['sku'], properties: defaultProperties(), id, name: 'default', type };
}

/** As a recording of an account nobody configured shows it. */
function defaultProperties(): WireObject {
  return {
    protocolSettings: { smb: {} },
    cors: { corsRules: [] },
    shareDeleteRetentionPolicy: { enabled: true, days: 7 },
  };
}

/** Each rule names all five; a retention that is on lasts 1 to 365 days (domain facts 1.5). */
function refuseMalformed(properties: WireObject): void {
  const rules = objectOf(properties, 'cors')['corsRules'] ?? [];
  const isWhole = (rule: unknown): boolean => isWireObject(rule) && corsMembers.every((member) => member in rule);
  if (!Array.isArray(rules) || !rules.every(isWhole)) {
    throw new Refusal(400, 'InvalidRequestContent', `A CORS rule has ${corsMembers.join(', ')}.`);
  }
  const { enabled, days } = objectOf(properties, 'shareDeleteRetentionPolicy');
  if (enabled === true && !(Number.isInteger(days) && Number(days) >= 1 && Number(days) <= 365)) {
    throw new Refusal(400, 'InvalidRequestPropertyValue', `The value '${String(days)}' of days is out of range.`);
  }
}

/** PUT replaces: a member of `properties` that is not sent is lost. */
function putService(cloud: LocalCloud, request: LocalRequest, match: readonly string[]): LocalResponse {
  const before = currentService(cloud, request, match);
  if (!isWireObject(request.body)) {
    throw new Refusal(400, 'InvalidRequestContent', 'The request content was invalid and could not be deserialized.');
  }
  if (request.actor.upn === null && cloud.faults.isWritingForbidden('file-services')) {
    throw authorizationFailed(request, `${type}/write`, request.path);
  }
  const properties = objectOf(request.body, 'properties');
  refuseMalformed(properties);
  const after = { ...before, properties };
  collectionOf(cloud.tenant, 'file-services').set((textOf(before, 'id') ?? '').toLowerCase(), after);
  announce(cloud, request, `${type}/write`, before, after);
  return { status: 200, body: after };
}
