import type { CollectionName } from '../../../../domain/model/collection.ts';
import type { LocalCloud, LocalRequest, LocalResponse, Route } from '../exchange.ts';
import { Refusal } from '../refusal.ts';
import { isWireObject, mergePatch, type WireObject } from '../wire-object.ts';
import { existingObject, graphSingletons, permittedCollection } from './collections.ts';
import { onlyObject } from './read.ts';

/** Writes that change one object and nothing else. */
export const graphWriteRoutes: readonly Route[] = [
  patchRoute('/servicePrincipals', 'service-principals', ['id', 'appId', 'passwordCredentials']),
  ...Object.entries(graphSingletons).map(([path, name]): Route => ({
    method: 'PATCH',
    path: new RegExp(`^${path}$`, 'i'),
    answer: (cloud, request) => {
      const [key] = permittedCollection(cloud, name).keys();
      const merged = mergePatch(onlyObject(cloud, path, name), objectBody(request));
      permittedCollection(cloud, name).set(key ?? '0', merged);
      return { status: 204 };
    },
  })),
];

/** A route for `PATCH {path}/{id}`: lists are replaced, objects merged, members named in `readOnly` refused. */
function patchRoute(path: string, name: CollectionName, readOnly: readonly string[]): Route {
  return {
    method: 'PATCH',
    path: new RegExp(`^${path}/([^/]+)$`, 'i'),
    answer: (cloud, request, [id = '']) => {
      patchObject(cloud, request, name, id, readOnly);
      return { status: 204 };
    },
  };
}

/** Merges the request's body into a stored object and returns what is now stored. */
export function patchObject(
  cloud: LocalCloud,
  request: LocalRequest,
  name: CollectionName,
  id: string,
  readOnly: readonly string[],
): WireObject {
  const collection = permittedCollection(cloud, name);
  const object = existingObject(collection, id);
  const patch = objectBody(request);
  const refused = readOnly.find((member) => member in patch);
  if (refused !== undefined) throw badRequest(`Property '${refused}' is read-only and cannot be set.`);
  const merged = mergePatch(object, patch);
  collection.set(id.toLowerCase(), merged);
  return merged;
}

/** Takes an object out of its collection; 204, or 404 where it is not there. */
export function deleteObject(cloud: LocalCloud, name: CollectionName, id: string): LocalResponse {
  const collection = permittedCollection(cloud, name);
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
