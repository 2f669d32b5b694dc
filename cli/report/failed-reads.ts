import type { CollectionName, Gap, GapReason } from '../../domain/model/collection.ts';
import { collectionPermissions } from '../../domain/model/permissions.ts';
import { listedSubscriptions } from './listed.ts';

interface Failing {
  /** Part of the list was read. */
  readonly isPartial: boolean;
  readonly why: string;
  readonly live: (collection: CollectionName) => string;
  readonly snapshot: (collection: CollectionName) => string;
}

const snapshotAgain = 'Take the snapshot again';

/** What is told elsewhere is null: permissions, and what nobody asked for. */
const failings: Readonly<Record<GapReason, Failing | null>> = {
  'not-read': null,
  forbidden: null,
  unauthorized: null,
  'not-visible': null,
  malformed: {
    isPartial: true,
    why: 'an object in it is not what its schema says, or contradicts another of the same id',
    live: (collection) =>
      `Run again; if that does not help, look at the objects in ${collection}.ndjson of kerbwatch snapshot --out DIR.`,
    snapshot: (collection) => `${snapshotAgain}; if that does not help, look at the objects in ${collection}.ndjson.`,
  },
  truncated: {
    isPartial: true,
    why: 'the service said that rows are missing, or counts do not add up',
    live: () => 'Run again; where it stays, audit fewer subscriptions at once (scope.subscriptions).',
    snapshot: () => `${snapshotAgain}; where it stays, with fewer subscriptions (scope.subscriptions).`,
  },
  throttled: {
    isPartial: false,
    why: 'the service was asked too often, and did not relent in time',
    live: () => 'Run again in a few minutes.',
    snapshot: () => `${snapshotAgain} in a few minutes.`,
  },
  unreachable: {
    isPartial: false,
    why: 'the endpoint did not answer',
    live: (collection) =>
      `Check network, proxy and ${endpointOf(collection)} (which wins over AZURE_CLOUD), then run again.`,
    snapshot: (collection) =>
      `Where it is taken, check network, proxy and ${endpointOf(collection)}, then take the snapshot again.`,
  },
  'server-error': {
    isPartial: false,
    why: 'the service failed at its own end',
    live: () => 'Run again later; where it stays, look at the health of the service (Azure portal, Service Health).',
    snapshot: () => `${snapshotAgain} later.`,
  },
};

/**
 * A line for every collection that could not be read, or not whole, for another reason than a missing permission: what, why
 * and what to do next.
 */
export function failedReads(gaps: readonly Gap[], source: 'live' | 'snapshot'): readonly string[] {
  const alike = Map.groupBy(gaps, ({ collection, reason }) => `${collection} ${reason}`);
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    const failing = first === undefined ? null : failings[first.reason];
    if (first === undefined || failing === null) return [];
    const scopes = group.map(({ scope }) => scope).filter((scope) => scope !== 'tenant');
    const places = scopes.length < group.length ? '' : ` of ${listedSubscriptions(scopes)}`;
    const what = `${first.collection}${places} could not be read${failing.isPartial ? ' whole' : ''}`;
    return [`${what}: ${failing.why}. ${failing[source](first.collection)}`];
  });
}

function endpointOf(collection: CollectionName): string {
  return collectionPermissions[collection]?.permission.api === 'azure'
    ? 'KERBWATCH_ARM_ENDPOINT'
    : 'KERBWATCH_GRAPH_ENDPOINT';
}
