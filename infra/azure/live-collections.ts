import {
  type Collection,
  type CollectionName,
  collected,
  gapsOf,
  itemsOf,
  unavailable,
} from '../../domain/model/collection.ts';
import type { WireObject } from '../estate-source.ts';
import type { ArmClients } from './arm/arm-client.ts';
import { readFileServices } from './arm/read-file-services.ts';
import { collectionOf, gap } from './failure.ts';
import { type GraphList, graphLists, graphObjects, servicePrincipalsWithAttributes } from './graph/collections.ts';
import type { GraphChannel } from './graph/graph-channel.ts';
import { readAllPages } from './graph/read-all-pages.ts';
import { readObject } from './graph/read-object.ts';
import { filtersApplications, withReadAttributes } from './graph/security-attributes.ts';
import { kerberosAccountIds } from './kerberos-accounts.ts';
import { once } from './once.ts';
import { privateEndpointsQuery, storageAccountsQuery } from './resource-graph/queries.ts';
import type { RowsReader } from './resource-graph/read-all-rows.ts';
import { readResources } from './resource-graph/read-resources.ts';
import { readRoleAssignments, readRoleDefinitions } from './resource-graph/read-roles.ts';
import type { VisibleSubscriptions } from './resource-graph/visible-subscriptions.ts';

interface LiveCollectionsOptions {
  readonly rows: RowsReader;
  readonly graph: GraphChannel;
  readonly arm: ArmClients;
  readonly visible: () => Promise<VisibleSubscriptions>;
  /** Gets the pages of each list as they come. */
  readonly pages?: Map<CollectionName, number>;
}

/**
 * Reads collections of live Azure, each at most once. What one rests on is read first: file services on storage accounts,
 * role assignments on role definitions, security attributes on Conditional Access policies.
 *
 * The function returned throws only SignInRefused and AbortError.
 */
export function liveCollections({
  rows,
  graph,
  arm,
  visible,
  pages,
}: LiveCollectionsOptions): (name: CollectionName) => Promise<Collection<WireObject>> {
  const collections = new Map<CollectionName, () => Promise<Collection<WireObject>>>([
    [
      'storage-accounts',
      once(() => resources('storage-accounts', storageAccountsQuery, 'Microsoft.Storage/storageAccounts/read')),
    ],
    ['file-services', once(fileServices)],
    [
      'private-endpoints',
      once(() => resources('private-endpoints', privateEndpointsQuery, 'Microsoft.Network/privateEndpoints/read')),
    ],
    ['role-definitions', once(async () => readRoleDefinitions(rowsOf('role-definitions'), await visible()))],
    [
      'role-assignments',
      once(async () =>
        readRoleAssignments(rowsOf('role-assignments'), await visible(), await read('role-definitions')),
      ),
    ],
    ['applications', once(() => list('applications', graphLists.applications))],
    ['service-principals', once(servicePrincipals)],
    ['oauth2-permission-grants', once(() => list('oauth2-permission-grants', graphLists['oauth2-permission-grants']))],
    [
      'conditional-access-policies',
      once(() => list('conditional-access-policies', graphLists['conditional-access-policies'])),
    ],
    ['security-defaults', once(() => single('security-defaults'))],
    ['default-app-management-policy', once(() => single('default-app-management-policy'))],
  ]);

  function count(name: CollectionName): void {
    pages?.set(name, (pages.get(name) ?? 0) + 1);
  }

  function rowsOf(name: CollectionName): RowsReader {
    return { ...rows, onPage: () => count(name) };
  }

  function graphOf(name: CollectionName): GraphChannel {
    return {
      origin: graph.origin,
      async send(method, url, body) {
        const answer = await graph.send(method, url, body);
        if (answer.status === 200) count(name);
        return answer;
      },
    };
  }

  async function resources(collection: CollectionName, query: string, needs: string): Promise<Collection<WireObject>> {
    return readResources(rowsOf(collection), { collection, query, needs }, await visible());
  }

  async function list(name: CollectionName, asked: GraphList): Promise<Collection<WireObject>> {
    return collectionOf(name, await readAllPages(graphOf(name), asked));
  }

  async function single(name: keyof typeof graphObjects): Promise<Collection<WireObject>> {
    return collectionOf(name, await readObject(graphOf(name), graphObjects[name]));
  }

  /** Security attributes are a permission of their own, asked for only where a policy looks at them. */
  async function servicePrincipals(): Promise<Collection<WireObject>> {
    const name = 'service-principals';
    const filtered = itemsOf(await read('conditional-access-policies')).some(filtersApplications);
    if (!filtered) return list(name, graphLists[name]);
    return collectionOf(name, withReadAttributes(await readAllPages(graphOf(name), servicePrincipalsWithAttributes)));
  }

  /** Those of the Entra Kerberos accounts; an account that was not seen may have one. */
  async function fileServices(): Promise<Collection<WireObject>> {
    const accounts = await read('storage-accounts');
    const unseen = gapsOf(accounts).map(({ scope, reason, needs }) => gap('file-services', scope, { reason, needs }));
    if (accounts.state === 'unavailable') return unavailable(...unseen);
    const services = await readFileServices(arm, kerberosAccountIds(accounts.items));
    const gaps = [...unseen, ...gapsOf(services)];
    return services.state === 'unavailable' ? unavailable(...gaps) : collected(services.items, gaps);
  }

  function read(name: CollectionName): Promise<Collection<WireObject>> {
    const reader = collections.get(name);
    return reader?.() ?? Promise.resolve(unavailable(gap(name, 'tenant', { reason: 'not-read', needs: null })));
  }

  return read;
}
