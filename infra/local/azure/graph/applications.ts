import type { LocalCloud, LocalRequest, LocalResponse, Route } from '../exchange.ts';
import { deleteApplication } from '../local-tenant.ts';
import { sameText, textOf, type WireObject } from '../wire-object.ts';
import { existingObject, permittedCollection } from './collections.ts';
import { badRequest, objectBody, patchObject } from './write.ts';

export const applicationRoutes: readonly Route[] = [
  { method: 'PATCH', path: /^\/applications\/([^/]+)$/i, answer: updateApplication },
  { method: 'DELETE', path: /^\/applications\/([^/]+)$/i, answer: removeApplication },
];

/** New identifier URIs are copied to the principal's names, after its appId. */
function updateApplication(cloud: LocalCloud, request: LocalRequest, [id = '']: readonly string[]): LocalResponse {
  const uris = identifierUrisIn(objectBody(request));
  const application = patchObject(cloud, request, 'applications', id, ['id', 'appId']);
  if (uris === undefined) return { status: 204 };
  const appId = textOf(application, 'appId') ?? '';
  for (const principal of permittedCollection(cloud, 'service-principals').values()) {
    if (sameText(textOf(principal, 'appId') ?? '', appId)) principal['servicePrincipalNames'] = [appId, ...uris];
  }
  return { status: 204 };
}

/** Graph compares these names without case and refuses a second spelling of one (`DuplicateValueInDifferentCase`). */
function identifierUrisIn(body: WireObject): string[] | undefined {
  const uris = body['identifierUris'];
  if (uris === undefined) return undefined;
  if (!Array.isArray(uris) || !uris.every((uri) => typeof uri === 'string')) {
    throw badRequest("Property 'identifierUris' must be a list of strings.");
  }
  if (new Set(uris.map((uri) => uri.toLowerCase())).size < uris.length) {
    throw badRequest("DuplicateValueInDifferentCase: property 'identifierUris' holds a value twice.");
  }
  return uris;
}

/** The principal and its consent go with the application. */
function removeApplication(cloud: LocalCloud, _request: LocalRequest, [id = '']: readonly string[]): LocalResponse {
  const appId = textOf(existingObject(permittedCollection(cloud, 'applications'), id), 'appId') ?? '';
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
