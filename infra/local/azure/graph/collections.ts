import type { CollectionName } from '../../../../domain/model/collection.ts';
import type { LocalCloud, LocalRequest } from '../exchange.ts';
import { Refusal } from '../refusal.ts';
import { collectionOf, type Collection } from '../local-tenant.ts';
import type { WireObject } from '../wire-object.ts';

/** Path below `/v1.0` of every collection that Graph lists. */
export const graphCollections = {
  '/applications': 'applications',
  '/servicePrincipals': 'service-principals',
  '/oauth2PermissionGrants': 'oauth2-permission-grants',
  '/identity/conditionalAccess/policies': 'conditional-access-policies',
  '/identity/conditionalAccess/namedLocations': 'named-locations',
} as const satisfies Record<string, CollectionName>;

/** Path below `/v1.0` of every single object. */
export const graphSingletons = {
  '/policies/identitySecurityDefaultsEnforcementPolicy': 'security-defaults',
  '/policies/defaultAppManagementPolicy': 'default-app-management-policy',
} as const satisfies Record<string, CollectionName>;

/** The collection where it may be read; 403 where not. */
export function permittedCollection(cloud: LocalCloud, name: CollectionName): Collection {
  if (cloud.tenant.forbidden.has(name) || cloud.faults.isForbidden(name)) throw denied();
  return collectionOf(cloud.tenant, name);
}

/** The collection where whoever asks may write to it; 403 where not. */
export function writableCollection(cloud: LocalCloud, { actor }: LocalRequest, name: CollectionName): Collection {
  if (actor.upn === null && cloud.faults.isWritingForbidden(name)) throw denied();
  return permittedCollection(cloud, name);
}

function denied(): Refusal {
  return new Refusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}

/** The object of that id, compared without case; 404 where there is none. */
export function existingObject(collection: Collection, id: string): WireObject {
  const object = collection.get(id.toLowerCase());
  if (object !== undefined) return object;
  throw new Refusal(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}
