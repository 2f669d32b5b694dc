import type { LocalCloud, LocalRequest, LocalResponse, Route } from '../exchange.ts';
import { chainFrom, type LocalManagementGroup, type LocalSubscription } from '../local-tenant.ts';
import { Refusal } from '../refusal.ts';
import { sameText, type WireObject } from '../wire-object.ts';
import { requireApiVersion } from './api-version.ts';
import { armPage } from './arm-page.ts';

const provider = '/providers/Microsoft.Management/managementGroups';

export const managementGroupRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/providers\/Microsoft\.Management\/managementGroups\/([^/]+)\/descendants$/i,
    answer: listDescendants,
  },
];

/** Everything below the group at any depth, the subscriptions that the caller cannot read included: the right is the group's. */
function listDescendants(cloud: LocalCloud, request: LocalRequest, [name = '']: readonly string[]): LocalResponse {
  requireApiVersion(request);
  const { managementGroups, subscriptions } = cloud.tenant;
  const group = managementGroups.find((candidate) => sameText(candidate.name, name));
  if (group === undefined) throw new Refusal(404, 'NotFound', `The management group '${name}' could not be found.`);
  const isBelow = (parent: string | null): boolean => chainFrom(cloud.tenant, parent).includes(group);
  return armPage(cloud, request, [
    ...managementGroups.filter(({ parent }) => isBelow(parent)).map(groupToWire),
    ...subscriptions.filter(({ managementGroup }) => isBelow(managementGroup)).map(subscriptionToWire),
  ]);
}

function groupToWire({ name, displayName, parent }: LocalManagementGroup): WireObject {
  return {
    id: `${provider}/${name}`,
    type: 'Microsoft.Management/managementGroups',
    name,
    properties: { displayName, parent: { id: `${provider}/${parent ?? ''}` } },
  };
}

function subscriptionToWire({ id, name, managementGroup }: LocalSubscription): WireObject {
  return {
    id: `/subscriptions/${id}`,
    type: '/subscriptions',
    name: id,
    properties: { displayName: name, parent: { id: `${provider}/${managementGroup ?? ''}` } },
  };
}
