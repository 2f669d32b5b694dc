import type { CollectionName } from '../../../../domain/model/collection.ts';
import type { LocalCloud, LocalRequest, LocalResponse, Route } from '../exchange.ts';
import { Refusal } from '../refusal.ts';
import { isWireObject, mergePatch, type WireObject } from '../wire-object.ts';
import { existingObject, graphSingletons, permittedCollection, writableCollection } from './collections.ts';
import { onlyObject } from './read.ts';

/** Writes that change one object and nothing else. */
export const graphWriteRoutes: readonly Route[] = [
  {
    method: 'PATCH',
    path: /^\/servicePrincipals\/([^/]+)$/i,
    answer: (cloud, request, [id = '']) => {
      refuseOtherThan('boolean', objectBody(request), ['appRoleAssignmentRequired', 'accountEnabled']);
      patchObject(cloud, request, 'service-principals', id, ['id', 'appId', 'passwordCredentials']);
      return { status: 204 };
    },
  },
  ...Object.entries(graphSingletons).map(([path, name]): Route => ({
    method: 'PATCH',
    path: new RegExp(`^${path}$`, 'i'),
    answer: (cloud, request) => {
      const [key] = permittedCollection(cloud, name).keys();
      const merged = mergePatch(onlyObject(cloud, path, name), objectBody(request));
      writableCollection(cloud, request, name).set(key ?? '0', merged);
      return { status: 204 };
    },
  })),
];

/** Refuses members whose value is of another type than the service takes. */
function refuseOtherThan(type: 'boolean', body: WireObject, members: readonly string[]): void {
  const wrong = members.find((member) => member in body && typeof body[member] !== type);
  if (wrong !== undefined) throw badRequest(`A value of type '${type}' is expected for property '${wrong}'.`);
}

/** The list of strings under a member, undefined where the body has none. */
export function textsIn(body: WireObject, member: string): readonly string[] | undefined {
  const texts = body[member];
  if (texts === undefined) return undefined;
  if (Array.isArray(texts) && texts.every((text) => typeof text === 'string')) return texts;
  throw badRequest(`Property '${member}' must be a list of strings.`);
}

/**
 * Merges the request's body into a stored object and returns what is now stored: lists are replaced, objects merged, members
 * named in `readOnly` refused.
 */
export function patchObject(
  cloud: LocalCloud,
  request: LocalRequest,
  name: CollectionName,
  id: string,
  readOnly: readonly string[],
): WireObject {
  const collection = writableCollection(cloud, request, name);
  const object = existingObject(collection, id);
  const patch = objectBody(request);
  const refused = readOnly.find((member) => member in patch);
  if (refused !== undefined) throw badRequest(`Property '${refused}' is read-only and cannot be set.`);
  const merged = mergePatch(object, patch);
  collection.set(id.toLowerCase(), merged);
  return merged;
}

/** Takes an object out of its collection; 204, or 404 where it is not there. */
export function deleteObject(
  cloud: LocalCloud,
  request: LocalRequest,
  name: CollectionName,
  id: string,
): LocalResponse {
  const collection = writableCollection(cloud, request, name);
  existingObject(collection, id);
  collection.delete(id.toLowerCase());
  return { status: 204 };
}

export function objectBody(request: LocalRequest): WireObject {
  if (isWireObject(request.body)) return request.body;
  throw badRequest('Unable to read JSON request payload. The body must be a JSON object.');
}

export function badRequest(message: string): Refusal {
  return new Refusal(400, 'Request_BadRequest', message);
}
