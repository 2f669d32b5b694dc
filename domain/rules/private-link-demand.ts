import { type Gap, gapsOf } from '../model/collection.ts';
import { distinctGaps } from '../model/distinct-gaps.ts';
import type { PrivateLink } from '../model/resources.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Resources } from './resources.ts';
import { byCodeUnit } from './verdicts.ts';

/** A private endpoint that leads to the account, as far as can be told. */
export interface EndpointToAccount {
  /** ARM id, lower case; null where the connection does not say. */
  readonly id: string | null;
  readonly subResource: 'file' | 'other' | 'unknown';
  /** `unclear`: a status that is not known here, none at all, or two that contradict each other. */
  readonly approved: 'yes' | 'no' | 'unclear';
  /** What hides its sub-resource. */
  readonly gaps: readonly Gap[];
}

export interface PrivateLinkDemand {
  /** `file`: an approved endpoint leads to the file service. `none`: proved that no endpoint does. */
  readonly state: 'file' | 'none' | 'undecided';
  /** By id. */
  readonly endpoints: readonly EndpointToAccount[];
  readonly gaps: readonly Gap[];
}

/** The other services of an account, as endpoints name them, lower case; a new name may stand for files. */
const otherServices: ReadonlySet<string> = new Set(
  ['blob', 'dfs', 'queue', 'table', 'web'].flatMap((service) => [service, `${service}_secondary`]),
);

/** Connections over which nothing flows, lower case. */
const closed: ReadonlySet<string> = new Set(['pending', 'rejected', 'disconnected', 'timeout']);

/**
 * Whether people reach the account's file service through a private endpoint. The account's own list of connections is
 * whole, so an endpoint that is on no list is none; which service an endpoint leads to, only the endpoint says (domain
 * facts 1.4), and it may live where nobody can look.
 */
export function privateLinkDemand(account: StorageAccount, resources: Resources): PrivateLinkDemand {
  const connections = account.privateEndpointConnections ?? [];
  // A row that does not say what is connected leaves only the endpoints to tell, those that were read.
  const unseen = account.privateEndpointConnections === null ? gapsOf(resources.facts.privateEndpoints) : [];
  const ids = new Set([
    ...connections.map(({ endpointKey }) => endpointKey),
    ...resources.privateEndpointsTo(account.key).map(({ key }) => key),
  ]);
  const endpoints = [...ids]
    .sort((a, b) => byCodeUnit(a ?? '', b ?? ''))
    .flatMap((id) => endpointsToAccount(id, account, resources));
  const open = endpoints.filter(({ approved, subResource }) => approved !== 'no' && subResource !== 'other');
  if (open.length === 0 && unseen.length === 0) return { state: 'none', endpoints, gaps: [] };
  if (open.some(({ approved, subResource }) => approved === 'yes' && subResource === 'file')) {
    return { state: 'file', endpoints, gaps: [] };
  }
  return { state: 'undecided', endpoints, gaps: distinctGaps([...unseen, ...open.flatMap(({ gaps }) => gaps)]) };
}

/** One for each of the endpoint's links to the account. */
function endpointsToAccount(id: string | null, account: StorageAccount, resources: Resources): EndpointToAccount[] {
  const endpoint = id === null ? null : resources.privateEndpoint(id);
  const statuses = (account.privateEndpointConnections ?? [])
    .filter(({ endpointKey }) => endpointKey === id)
    .map(({ status }) => status);
  const links = endpoint?.links.filter(({ targetKey }) => targetKey === account.key) ?? [];
  if (links.length === 0) {
    const gaps = endpoint === null ? gapsHiding(id, account, resources) : [];
    // Connections that name no endpoint are several endpoints, each with a status of its own.
    const each = id === null ? statuses.map((status) => [status]) : [statuses];
    return each
      .map((said) => ({ id, subResource: 'unknown' as const, approved: approval(said), gaps }))
      .sort((a, b) => byCodeUnit(a.approved, b.approved));
  }
  return links
    .map((link) => ({
      id,
      subResource: subResourceOf(link),
      approved: approval([link.status, ...statuses]),
      gaps: [],
    }))
    .sort((a, b) => byCodeUnit(a.subResource, b.subResource) || byCodeUnit(a.approved, b.approved));
}

function subResourceOf({ groupIds }: PrivateLink): EndpointToAccount['subResource'] {
  if (groupIds.includes('file')) return 'file';
  const isOther = groupIds.length > 0 && groupIds.every((group) => otherServices.has(group));
  return isOther ? 'other' : 'unknown';
}

function approval(statuses: readonly (string | null)[]): EndpointToAccount['approved'] {
  const said = new Set(
    statuses
      .filter((status) => status !== null)
      .map((status) => status.toLowerCase())
      .map((status) => (status === 'approved' ? 'yes' : closed.has(status) ? 'no' : 'unclear')),
  );
  const [only = 'unclear', other] = said;
  return other === undefined ? only : 'unclear';
}

/** Why an endpoint was not seen: the list has gaps, or it lives in a subscription or tenant that the caller cannot see. */
function gapsHiding(id: string | null, account: StorageAccount, { facts }: Resources): readonly Gap[] {
  const gaps = gapsOf(facts.privateEndpoints);
  if (gaps.length > 0) return gaps;
  const scope = /^\/subscriptions\/[^/]+/.exec(id ?? '')?.[0] ?? account.key;
  return [
    {
      collection: 'private-endpoints',
      scope,
      reason: 'not-visible',
      needs: 'Microsoft.Network/privateEndpoints/read',
    },
  ];
}
