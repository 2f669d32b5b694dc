import type { LocalCloud, LocalRequest, LocalResponse, Route } from '../exchange.ts';
import { collectionOf, deleteApplication } from '../local-tenant.ts';
import { objectOf, sameText, textOf, type WireObject } from '../wire-object.ts';
import { existingObject, permittedCollection, writableCollection } from './collections.ts';
import { badRequest, objectBody, patchObject, textsIn } from './write.ts';

export const applicationRoutes: readonly Route[] = [
  { method: 'PATCH', path: /^\/applications\/([^/]+)$/i, answer: updateApplication },
  { method: 'DELETE', path: /^\/applications\/([^/]+)$/i, answer: removeApplication },
];

/** New identifier URIs are copied to the principal's names, after its appId. */
function updateApplication(cloud: LocalCloud, request: LocalRequest, [id = '']: readonly string[]): LocalResponse {
  const body = objectBody(request);
  textsIn(body, 'tags');
  const uris = textsIn(body, 'identifierUris');
  if (uris !== undefined) refuseUris(cloud, uris, id);
  const application = patchObject(cloud, request, 'applications', id, ['id', 'appId']);
  if (uris === undefined) return { status: 204 };
  const appId = textOf(application, 'appId') ?? '';
  for (const principal of permittedCollection(cloud, 'service-principals').values()) {
    if (sameText(textOf(principal, 'appId') ?? '', appId)) principal['servicePrincipalNames'] = [appId, ...uris];
  }
  return { status: 204 };
}

/**
 * Graph compares these names without case: it refuses a second spelling of one (`DuplicateValueInDifferentCase`), one that
 * another application has, and, where the tenant restricts them, a new one that does not say whose it is.
 */
function refuseUris(cloud: LocalCloud, uris: readonly string[], id: string): void {
  const wanted = new Set(uris.map((uri) => uri.toLowerCase()));
  if (wanted.size < uris.length) {
    throw badRequest("DuplicateValueInDifferentCase: property 'identifierUris' holds a value twice.");
  }
  for (const [key, other] of permittedCollection(cloud, 'applications')) {
    if (key !== id.toLowerCase() && urisOf(other).some((uri) => wanted.has(uri))) {
      throw badRequest('Another object with the same value for property identifierUris already exists.');
    }
  }
  const own = permittedCollection(cloud, 'applications').get(id.toLowerCase()) ?? {};
  const known = new Set(urisOf(own));
  const ids = [cloud.tenant.tenantId, textOf(own, 'appId') ?? ''].map((one) => one.toLowerCase());
  const isForeign = (uri: string): boolean => !known.has(uri) && !ids.some((one) => one !== '' && uri.includes(one));
  if (restrictsUris(cloud) && [...wanted].some(isForeign)) {
    throw badRequest('All newly added URIs must contain a tenant verified domain, tenant ID, or app ID.');
  }
}

/** As stored, which may be anything; lower case. */
function urisOf({ identifierUris }: WireObject): readonly string[] {
  const uris: readonly unknown[] = Array.isArray(identifierUris) ? identifierUris : [];
  return uris.filter((uri) => typeof uri === 'string').map((uri) => uri.toLowerCase());
}

/** The tenant's policy, as `uriAdditionWithoutUniqueTenantIdentifier` switches it on. */
function restrictsUris({ tenant }: LocalCloud): boolean {
  const [policy = {}] = collectionOf(tenant, 'default-app-management-policy').values();
  const uris = objectOf(objectOf(policy, 'applicationRestrictions'), 'identifierUris');
  return textOf(objectOf(uris, 'uriAdditionWithoutUniqueTenantIdentifier'), 'state') === 'enabled';
}

/** The principal and its consent go with the application. */
function removeApplication(cloud: LocalCloud, request: LocalRequest, [id = '']: readonly string[]): LocalResponse {
  const appId = textOf(existingObject(writableCollection(cloud, request, 'applications'), id), 'appId') ?? '';
  const principals = permittedCollection(cloud, 'service-principals');
  const grants = permittedCollection(cloud, 'oauth2-permission-grants');
  for (const [key, principal] of principals) {
    if (!sameText(textOf(principal, 'appId') ?? '', appId)) continue;
    principals.delete(key);
    for (const [grantKey, grant] of grants) {
      if (sameText(textOf(grant, 'clientId') ?? '', key)) grants.delete(grantKey);
    }
  }
  deleteApplication(cloud.tenant, id);
  return { status: 204 };
}
