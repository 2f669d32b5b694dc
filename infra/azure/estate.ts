import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { type CollectionName, gapsOf } from '../../domain/model/collection.ts';
import type { ChangeLog } from '../../domain/audit/drift-ports.ts';
import type { AccountReading, EstateSource, NameAvailability, RequestCounts } from '../estate-source.ts';
import { createChangeLog } from './change-log.ts';
import { type ArmClients, createArmClients, sdkOptions } from './arm/arm-client.ts';
import { descendantSubscriptions } from './arm/descendant-subscriptions.ts';
import { nameAvailability } from './arm/name-availability.ts';
import { parseAccountId } from './arm/account-id.ts';
import { readAccount } from './arm/read-account.ts';
import { readFileServices } from './arm/read-file-services.ts';
import { type PrivateEndpointReading, readPrivateEndpoint } from './arm/read-private-endpoint.ts';
import type { ResourceReading } from './arm/read-resource.ts';
import { readSubscriptionTenant } from './arm/read-subscription-tenant.ts';
import type { Endpoints } from './endpoints.ts';
import { failureOf, gap } from './failure.ts';
import { createGraphChannel, type GraphChannel } from './graph/graph-channel.ts';
import { armTransport, type FaultHook } from './http-transport.ts';
import type { Credentials } from './identity/resolve-credentials.ts';
import { liveCollections } from './live-collections.ts';
import { once } from './once.ts';
import { emptyCounts } from './request-counts.ts';
import { createQuotaGate } from './resource-graph/quota-gate.ts';
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
  /** The tenant of a subscription as it was told before; asked for each account where absent. */
  readonly subscriptionTenant?: SubscriptionTenant | undefined;
}

/** The list of subscriptions could not be read, so nobody knows which are in scope. */
export class SubscriptionsUnread extends Error {
  override readonly name = 'SubscriptionsUnread';

  constructor(reason: string) {
    super(
      `The subscriptions could not be listed (${reason}), so it cannot be told which are in scope; trying again may help`,
    );
  }
}

/** As `readSubscriptionTenant` gives it. @param subscriptionId lower case */
export type SubscriptionTenant = (subscriptionId: string) => Promise<string | null>;

export interface LiveEstate extends EstateSource {
  readonly kind: 'live';
  /** The same connection to Microsoft Graph, counted in `requests`, for the single requests of a remediation. */
  readonly graph: GraphChannel;
  /** The same for ARM. */
  readonly arm: Pick<ArmClients, 'send'>;
  /** Ids of the subscriptions in scope that can be seen, lower case. @throws SubscriptionsUnread */
  subscriptionsInScope(): Promise<readonly string[]>;
  /** Who changed what, by the records of Azure and Entra. */
  readonly changeLog: ChangeLog;
  /** Through ARM. @param endpointId ARM id, any case. */
  readPrivateEndpoint(endpointId: string): Promise<PrivateEndpointReading>;
  /** Through ARM. */
  readonly readSubscriptionTenant: SubscriptionTenant;
}

/**
 * Live Azure as a source. Every collection is read at most once, when first asked for; collections asked for together
 * are read together. What cannot be read is a gap, never an empty list.
 *
 * Reading throws only SignInRefused, AbortError and AccountIdInvalid.
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
  const pages = new Map<CollectionName, number>();
  const read = liveCollections({ rows, graph, arm, visible, pages });
  const names = new Map<string, Promise<NameAvailability | null>>();

  const readTenant: SubscriptionTenant = (subscriptionId) => readSubscriptionTenant(arm, subscriptionId);
  const tenantOf = options.subscriptionTenant ?? readTenant;

  /** With the tenant that its row would have: else an account of another tenant would be judged by this directory. */
  async function withTenant(accountId: string, reading: ResourceReading): Promise<ResourceReading> {
    if (reading.state !== 'found' || typeof reading.resource['tenantId'] === 'string') return reading;
    try {
      const tenantId = await tenantOf(parseAccountId(accountId).subscriptionId.toLowerCase());
      return tenantId === null ? reading : { state: 'found', resource: { ...reading.resource, tenantId } };
    } catch (error) {
      return { state: 'unreadable', failure: failureOf(error, 'Microsoft.Resources/subscriptions/read') };
    }
  }

  async function availabilityOf(name: string): Promise<NameAvailability | null> {
    const [subscriptionId] = (await visible()).ids;
    return subscriptionId === undefined ? null : nameAvailability(arm, subscriptionId, name);
  }

  return {
    kind: 'live',
    tenantId: options.tenantId.toLowerCase(),
    cloud: endpoints.cloud.name,
    capturedAt: null,
    scope: { subscriptions: lowered(scope.subscriptions), managementGroups: lowered(scope.managementGroups) },
    pages,
    requests,
    graph,
    arm,
    async subscriptionsInScope() {
      const { ids, gaps } = await visible();
      const unread = gaps.find((one) => one.scope === 'tenant');
      if (unread !== undefined) throw new SubscriptionsUnread(unread.failure.reason);
      return ids;
    },
    changeLog: createChangeLog({ rows, graph, paced: !endpoints.loopback, sleep: retry.sleep, now: Date.now }),
    read,
    async readableSubscriptions() {
      const { ids } = await visible();
      const gaps = new Set(gapsOf(await read('storage-accounts')).map((found) => found.scope));
      return ids.filter((id) => !gaps.has(`/subscriptions/${id}`));
    },
    async readAccount(accountId) {
      return accountReading(accountId, await withTenant(accountId, await readAccount(arm, accountId)));
    },
    readFileServices: (accountIds) => readFileServices(arm, accountIds),
    readPrivateEndpoint: (endpointId) => readPrivateEndpoint(arm, endpointId),
    readSubscriptionTenant: readTenant,
    nameAvailability(name) {
      const asked = names.get(name) ?? availabilityOf(name);
      names.set(name, asked);
      return asked;
    },
  };
}

function lowered(ids: readonly string[]): readonly string[] {
  return ids.map((id) => id.toLowerCase());
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
