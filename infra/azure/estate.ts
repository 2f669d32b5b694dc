import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { type Collection, type CollectionName, gapsOf, unavailable } from '../../domain/model/collection.ts';
import type { AccountReading, EstateSource, RequestCounts, WireObject } from '../estate-source.ts';
import { createArmClients, sdkOptions } from './arm/arm-client.ts';
import { descendantSubscriptions } from './arm/descendant-subscriptions.ts';
import { readAccount, readFileService } from './arm/read-account.ts';
import type { ResourceReading } from './arm/read-resource.ts';
import type { Endpoints } from './endpoints.ts';
import { collectionOf, gap } from './failure.ts';
import { type GraphCollectionName, graphLists } from './graph/collections.ts';
import { createGraphChannel, type GraphChannel } from './graph/graph-channel.ts';
import { readAllPages } from './graph/read-all-pages.ts';
import { armTransport, type FaultHook } from './http-transport.ts';
import type { Credentials } from './identity/resolve-credentials.ts';
import { emptyCounts } from './request-counts.ts';
import { privateEndpointsQuery, storageAccountsQuery } from './resource-graph/queries.ts';
import { createQuotaGate } from './resource-graph/quota-gate.ts';
import { readResources } from './resource-graph/read-resources.ts';
import { type Scope, visibleSubscriptions, type VisibleSubscriptions } from './resource-graph/visible-subscriptions.ts';
import { defaultMaxRetries, type Waiting } from './waiting.ts';

export interface LiveEstateOptions {
  readonly endpoints: Endpoints;
  readonly credentials: Credentials;
  readonly tenantId: string;
  readonly scope: Scope;
  readonly retry: Waiting;
  readonly signal?: AbortSignal | undefined;
  readonly fault?: FaultHook | undefined;
  /** What sends requests to ARM and Resource Graph; the SDKs' own client where absent. */
  readonly httpClient?: HttpClient | undefined;
}

export interface LiveEstate extends EstateSource {
  readonly kind: 'live';
  /** The account's file service; one request, not remembered. */
  readFileService(accountId: string): Promise<ResourceReading>;
  /** The same connection to Microsoft Graph, counted in `requests`, for the single requests of a remediation. */
  readonly graph: GraphChannel;
}

/**
 * Live Azure as a source. Every collection is read at most once, when first asked for; collections asked for together
 * are read together. What cannot be read is a gap, never an empty list.
 *
 * `read`, `readAccount` and `readableSubscriptions` throw only SignInRefused, AbortError and AccountIdInvalid.
 */
export function createLiveEstate(options: LiveEstateOptions): LiveEstate {
  const { endpoints, credentials, scope, retry, signal, fault } = options;
  const requests: RequestCounts = emptyCounts();
  const httpClient = armTransport({ origin: endpoints.arm.origin, counts: requests, fault, send: options.httpClient });
  const maxRetries = retry.maxRetries ?? defaultMaxRetries;
  const armOptions = { endpoint: endpoints.arm, credential: credentials.arm, httpClient, maxRetries, signal };
  const arm = createArmClients(armOptions);
  const client = new ResourceGraphClient(credentials.arm, sdkOptions(armOptions));
  const rows = { client, gate: createQuotaGate(retry.sleep), signal };
  const graph = createGraphChannel({
    endpoint: endpoints.graph,
    credential: credentials.graph,
    counts: requests,
    fault,
    signal,
    waiting: retry,
    paced: !endpoints.loopback,
  });

  const visible = once((): Promise<VisibleSubscriptions> =>
    visibleSubscriptions(rows, scope, (group) => descendantSubscriptions(arm, group)),
  );
  const collections = new Map<CollectionName, () => Promise<Collection<WireObject>>>([
    [
      'storage-accounts',
      once(() => resources('storage-accounts', storageAccountsQuery, 'Microsoft.Storage/storageAccounts/read')),
    ],
    [
      'private-endpoints',
      once(() => resources('private-endpoints', privateEndpointsQuery, 'Microsoft.Network/privateEndpoints/read')),
    ],
    ...Object.keys(graphLists).map((name): [CollectionName, () => Promise<Collection<WireObject>>] => {
      const list = name as GraphCollectionName;
      return [list, once(async () => collectionOf(list, await readAllPages(graph, graphLists[list])))];
    }),
  ]);

  async function resources(name: CollectionName, query: string, needs: string): Promise<Collection<WireObject>> {
    return readResources(rows, name, query, needs, await visible());
  }

  function read(name: CollectionName): Promise<Collection<WireObject>> {
    const reader = collections.get(name);
    return reader?.() ?? Promise.resolve(unavailable(gap(name, 'tenant', { reason: 'not-read', needs: null })));
  }

  return {
    kind: 'live',
    tenantId: options.tenantId.toLowerCase(),
    cloud: endpoints.cloud.name,
    capturedAt: null,
    requests,
    graph,
    read,
    async readableSubscriptions() {
      const { ids } = await visible();
      const gaps = new Set(gapsOf(await read('storage-accounts')).map((found) => found.scope));
      return ids.filter((id) => !gaps.has(`/subscriptions/${id}`));
    },
    async readAccount(accountId) {
      return accountReading(accountId, await readAccount(arm, accountId));
    },
    readFileService: async (accountId) => readFileService(arm, accountId),
  };
}

function accountReading(accountId: string, reading: ResourceReading): AccountReading {
  switch (reading.state) {
    case 'found':
      return { state: 'found', account: reading.resource };
    case 'absent':
      return reading;
    case 'unreadable':
      return { state: 'unreadable', gap: gap('storage-accounts', accountId.toLowerCase(), reading.failure) };
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
