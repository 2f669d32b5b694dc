import type { CollectionName } from '../../../../domain/model/collection.ts';
import type { LocalCloud, LocalRequest, LocalResponse, Route } from '../exchange.ts';
import { Refusal } from '../refusal.ts';
import { graphCollections, permittedCollection } from './collections.ts';
import { changesSince, type DeltaUnderWay, seeList } from './delta-tokens.ts';
import { contextOf } from './read.ts';

/** Lists that Graph follows by delta; Conditional Access is none of them (domain facts 4). */
const followed = ['/applications', '/servicePrincipals', '/oauth2PermissionGrants'] as const;

export const deltaRoutes: readonly Route[] = followed.map((path): Route => ({
  method: 'GET',
  path: new RegExp(`^${path}/delta$`, 'i'),
  answer: (cloud, request) => deltaPage(cloud, request, path, graphCollections[path]),
}));

const options = ['$select', '$deltatoken', '$skiptoken'];

function deltaPage(cloud: LocalCloud, { query }: LocalRequest, path: string, name: CollectionName): LocalResponse {
  const refused = [...query.keys()].find((option) => !options.includes(option));
  if (refused !== undefined) {
    throw new Refusal(400, 'Request_UnsupportedQuery', `The query option ${refused} is not supported for delta.`);
  }
  const { seen, items } = deltaUnderWay(cloud, query, name);
  const page = items.slice(0, cloud.pageSize.graph);
  const left = items.slice(cloud.pageSize.graph);
  const base = `${cloud.origin}/v1.0${path}/delta`;
  const link =
    left.length > 0
      ? { '@odata.nextLink': `${base}?$skiptoken=${cloud.deltas.underWay({ seen, items: left })}` }
      : { '@odata.deltaLink': `${base}?$deltatoken=${cloud.deltas.ended(seen)}` };
  return { status: 200, body: { '@odata.context': contextOf(cloud, path), ...link, value: page } };
}

/** @throws Refusal 410 for a token that is unknown, forgotten, or of another list */
function deltaUnderWay(cloud: LocalCloud, query: URLSearchParams, name: CollectionName): DeltaUnderWay {
  const collection = permittedCollection(cloud, name);
  const [skip, delta] = [query.get('$skiptoken'), query.get('$deltatoken')];
  if (skip !== null) {
    const underWay = cloud.deltas.deltaOf(skip);
    if (underWay?.seen.name !== name) throw expired();
    return underWay;
  }
  if (delta !== null) {
    const before = cloud.deltas.seenBy(delta);
    if (before?.name !== name) throw expired();
    const seen = seeList(name, before.members, collection);
    return { seen, items: changesSince(before, seen) };
  }
  const members = query.get('$select')?.split(',') ?? null;
  const seen = seeList(name, members, collection);
  return { seen, items: changesSince(null, seen) };
}

function expired(): Refusal {
  return new Refusal(410, 'resyncRequired', 'The delta token is not valid any more. Start over without a token.');
}
