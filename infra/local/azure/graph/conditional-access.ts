import type { LocalCloud, LocalRequest, LocalResponse, Route } from '../exchange.ts';
import { objectOf, textOf, type WireObject } from '../wire-object.ts';
import { writableCollection } from './collections.ts';
import { contextOf } from './read.ts';
import { badRequest, deleteObject, objectBody, patchObject, textsIn } from './write.ts';

const name = 'conditional-access-policies';
const list = '/identity/conditionalAccess/policies';
const one = /^\/identity\/conditionalAccess\/policies\/([^/]+)$/i;
const states = ['enabled', 'disabled', 'enabledForReportingButNotEnforced'];

export const conditionalAccessRoutes: readonly Route[] = [
  { method: 'POST', path: /^\/identity\/conditionalAccess\/policies$/i, answer: createPolicy },
  {
    method: 'PATCH',
    path: one,
    answer: (cloud, request, [id = '']) => {
      refuseMalformed(objectBody(request));
      const policy = patchObject(cloud, request, name, id, ['id', 'createdDateTime', 'modifiedDateTime']);
      policy['modifiedDateTime'] = cloud.clock().toISOString();
      return { status: 204 };
    },
  },
  { method: 'DELETE', path: one, answer: (cloud, request, [id = '']) => deleteObject(cloud, request, name, id) },
];

function createPolicy(cloud: LocalCloud, request: LocalRequest): LocalResponse {
  const body = objectBody(request);
  for (const needed of ['displayName', 'state', 'conditions']) {
    if (!(needed in body)) throw badRequest(`1001: Required property '${needed}' is missing.`);
  }
  refuseMalformed(body);
  const policy = {
    ...body,
    id: cloud.newGuid(),
    createdDateTime: cloud.clock().toISOString(),
    modifiedDateTime: null,
  };
  writableCollection(cloud, request, name).set(policy.id.toLowerCase(), policy);
  return { status: 201, body: { '@odata.context': contextOf(cloud, `${list}/$entity`), ...policy } };
}

/** States there are, and lists of the apps it is for. */
function refuseMalformed(body: WireObject): void {
  const state = textOf(body, 'state');
  const applications = objectOf(objectOf(body, 'conditions'), 'applications');
  for (const member of ['includeApplications', 'excludeApplications']) textsIn(applications, member);
  if (state !== undefined && !states.includes(state)) {
    throw badRequest(`Invalid value '${state}' specified for property 'state'.`);
  }
}
