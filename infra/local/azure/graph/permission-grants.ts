import type { LocalCloud, LocalRequest, LocalResponse, Route } from '../exchange.ts';
import { Refusal } from '../refusal.ts';
import { sameText, textOf, type WireObject } from '../wire-object.ts';
import { existingObject, permittedCollection, writableCollection } from './collections.ts';
import { contextOf } from './read.ts';
import { badRequest, deleteObject, objectBody, patchObject } from './write.ts';

export const permissionGrantRoutes: readonly Route[] = [
  { method: 'POST', path: /^\/oauth2PermissionGrants$/i, answer: createGrant },
  {
    method: 'PATCH',
    path: /^\/oauth2PermissionGrants\/([^/]+)$/i,
    answer: (cloud, request, [id = '']) => {
      if (typeof objectBody(request)['scope'] !== 'string') throw badRequest("Property 'scope' must be a string.");
      patchObject(cloud, request, 'oauth2-permission-grants', id, ['id', 'clientId', 'consentType', 'resourceId']);
      return { status: 204 };
    },
  },
  {
    method: 'DELETE',
    path: /^\/oauth2PermissionGrants\/([^/]+)$/i,
    answer: (cloud, request, [id = '']) => deleteObject(cloud, request, 'oauth2-permission-grants', id),
  },
];

function createGrant(cloud: LocalCloud, request: LocalRequest): LocalResponse {
  const body = objectBody(request);
  const principals = permittedCollection(cloud, 'service-principals');
  const clientId = required(body, 'clientId');
  const resourceId = required(body, 'resourceId');
  const consentType = required(body, 'consentType');
  const scope = required(body, 'scope');
  const principalId = textOf(body, 'principalId') ?? null;
  existingObject(principals, clientId);
  existingObject(principals, resourceId);
  if (consentType !== 'AllPrincipals' && consentType !== 'Principal') {
    throw badRequest(`Invalid value '${consentType}' specified for property 'consentType'.`);
  }
  if ((consentType === 'Principal') !== (principalId !== null)) {
    throw badRequest("'principalId' must be set for consentType Principal, and for that only.");
  }
  const grants = writableCollection(cloud, request, 'oauth2-permission-grants');
  const wanted = { clientId, consentType, resourceId, principalId };
  for (const grant of grants.values()) {
    if (isSame(grant, wanted)) {
      throw new Refusal(409, 'Request_MultipleObjectsWithSameKeyValue', 'Permission entry already exists.');
    }
  }
  const grant = { ...wanted, id: cloud.newGuid(), scope };
  grants.set(grant.id.toLowerCase(), grant);
  return { status: 201, body: { '@odata.context': contextOf(cloud, '/oauth2PermissionGrants/$entity'), ...grant } };
}

function isSame(grant: WireObject, wanted: Readonly<Record<string, string | null>>): boolean {
  return Object.entries(wanted).every(([key, value]) => sameText(textOf(grant, key) ?? '', value ?? ''));
}

function required(body: WireObject, name: string): string {
  const value = textOf(body, name);
  if (value === undefined) throw badRequest(`A value is required for property '${name}'.`);
  return value;
}
