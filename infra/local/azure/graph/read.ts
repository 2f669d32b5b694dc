import type { CollectionName } from '../../../../domain/model/collection.ts';
import type { LocalCloud, LocalRequest, LocalResponse, Route } from '../exchange.ts';
import { nextQuery, pageOf } from '../page.ts';
import { Refusal } from '../refusal.ts';
import { sameText, textOf, type WireObject } from '../wire-object.ts';
import { existingObject, graphCollections, graphSingletons, permittedCollection } from './collections.ts';
import { parseFilter } from './filter.ts';
import { refuseOtherOptions, selectFrom } from './select.ts';

const largestTop = 999;
const defaultTop = 100;

export const graphReadRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/servicePrincipals\(appId='([^']+)'\)$/i,
    answer: (cloud, request, [appId = '']) => byAppId(cloud, request, 'service-principals', appId),
  },
  {
    method: 'GET',
    path: /^\/applications\(appId='([^']+)'\)$/i,
    answer: (cloud, request, [appId = '']) => byAppId(cloud, request, 'applications', appId),
  },
  {
    method: 'GET',
    path: /^\/directory\/deletedItems\/microsoft\.graph\.application$/i,
    answer: (cloud, request) => {
      // Read with the right to read those that are there.
      permittedCollection(cloud, 'applications');
      const deleted = [...(cloud.tenant.deletedApplications ?? new Map<string, WireObject>()).values()];
      return pageOfList(cloud, request, '/directory/deletedItems/microsoft.graph.application', deleted);
    },
  },
  ...Object.entries(graphCollections).flatMap(([path, name]): Route[] => [
    {
      method: 'GET',
      path: new RegExp(`^${path}$`, 'i'),
      answer: (cloud, request) => listPage(cloud, request, path, name),
    },
    {
      method: 'GET',
      path: new RegExp(`^${path}/([^/]+)$`, 'i'),
      answer: (cloud, request, [id = '']) =>
        oneObject(cloud, request, path, existingObject(permittedCollection(cloud, name), id)),
    },
  ]),
  ...Object.entries(graphSingletons).map(([path, name]): Route => ({
    method: 'GET',
    path: new RegExp(`^${path}$`, 'i'),
    answer: (cloud, request) => oneObject(cloud, request, path, onlyObject(cloud, path, name)),
  })),
];

function listPage(cloud: LocalCloud, request: LocalRequest, path: string, name: CollectionName): LocalResponse {
  return pageOfList(cloud, request, path, [...permittedCollection(cloud, name).values()]);
}

function pageOfList(
  cloud: LocalCloud,
  request: LocalRequest,
  path: string,
  objects: readonly WireObject[],
): LocalResponse {
  refuseOtherOptions(request.query);
  const filter = request.query.get('$filter');
  const matching = filter === null ? objects : objects.filter(parseFilter(filter));
  const size = Math.min(topOf(request.query), cloud.pageSize.graph);
  const page = pageOf(matching, size, request.query.get('$skiptoken'), `${path}?${filter ?? ''}`);
  const count = request.query.get('$count') === 'true' ? { '@odata.count': matching.length } : {};
  const next =
    page.next === null
      ? {}
      : { '@odata.nextLink': `${cloud.origin}/v1.0${path}?${nextQuery(request.query, page.next)}` };
  return {
    status: 200,
    body: {
      '@odata.context': contextOf(cloud, path),
      ...count,
      ...next,
      value: page.items.map(selection(cloud, request)),
    },
  };
}

function selection({ faults }: LocalCloud, { query }: LocalRequest): (object: WireObject) => WireObject {
  return selectFrom(query, faults.isForbidden('custom-security-attributes'));
}

function topOf(query: URLSearchParams): number {
  const text = query.get('$top');
  if (text === null) return defaultTop;
  const top = Number(text);
  if (Number.isInteger(top) && top >= 1 && top <= largestTop) return top;
  throw new Refusal(
    400,
    'Request_UnsupportedQuery',
    `Invalid page size specified: '${text}'. Must be between 1 and 999.`,
  );
}

function byAppId(cloud: LocalCloud, request: LocalRequest, name: CollectionName, appId: string): LocalResponse {
  const objects = [...permittedCollection(cloud, name).values()];
  const found = objects.find((object) => sameText(textOf(object, 'appId') ?? '', appId));
  if (found !== undefined) return oneObject(cloud, request, request.path, found);
  throw new Refusal(
    404,
    'Request_ResourceNotFound',
    `Resource '${appId}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

/** The single object of such a path; 404 where the tenant has none. */
export function onlyObject(cloud: LocalCloud, path: string, name: CollectionName): WireObject {
  const [object] = permittedCollection(cloud, name).values();
  if (object !== undefined) return object;
  throw new Refusal(404, 'Request_ResourceNotFound', `Resource '${path}' does not exist.`);
}

function oneObject(cloud: LocalCloud, request: LocalRequest, path: string, object: WireObject): LocalResponse {
  refuseOtherOptions(request.query);
  return {
    status: 200,
    body: { '@odata.context': contextOf(cloud, `${path}/$entity`), ...selection(cloud, request)(object) },
  };
}

export function contextOf(cloud: LocalCloud, path: string): string {
  return `${cloud.origin}/v1.0/$metadata#${path.slice(1)}`;
}
