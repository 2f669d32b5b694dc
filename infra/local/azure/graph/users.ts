import type { LocalCloud, LocalRequest, LocalResponse, Route } from '../exchange.ts';
import { Refusal } from '../refusal.ts';
import { sameText } from '../wire-object.ts';
import { contextOf } from './read.ts';

/** People who have a token, by object id or user principal name; nobody else is in the directory. */
export const userRoutes: readonly Route[] = [{ method: 'GET', path: /^\/users\/([^/]+)$/i, answer: findUser }];

function findUser(cloud: LocalCloud, _request: LocalRequest, [name = '']: readonly string[]): LocalResponse {
  const found = cloud.people.find(({ objectId, upn }) => sameText(objectId, name) || sameText(upn ?? '', name));
  if (found === undefined || found.upn === null) {
    throw new Refusal(404, 'Request_ResourceNotFound', `Resource '${name}' does not exist.`);
  }
  const user = { id: found.objectId, userPrincipalName: found.upn };
  return { status: 200, body: { '@odata.context': contextOf(cloud, '/users/$entity'), ...user } };
}
