import { onTestFinished } from 'vitest';
import type { CollectionName } from '../../../domain/model/collection.ts';
import { resolveEndpoints } from '../../../infra/azure/endpoints.ts';
import { staticToken } from '../../../infra/azure/identity/static-token.ts';
import { createPlanExecutor } from '../../../infra/azure/plan-executor.ts';
import { liveEstateOf } from '../../../infra/compose.ts';
import { collectionOf, type LocalTenant } from '../../../infra/local/azure/local-tenant.ts';
import { createLocalAzure, type LocalAzure } from '../../../infra/local/azure/server.ts';
import { settings, tenantId } from '../../domain/build.ts';
import { interruptible } from '../../domain/faults.ts';
import type { World } from '../../domain/remediation/apply-plan.ts';
import type { BrokenWorld } from '../../domain/remediation/broken-worlds.ts';
import { wirePorts, type WirePorts } from '../../domain/remediation/wire-ports.ts';

/** Where the objects of a world lie in the embedded tenant. */
const places: readonly (readonly [path: string, collection: CollectionName])[] = [
  ['/v1.0/applications/', 'applications'],
  ['/v1.0/servicePrincipals/', 'service-principals'],
  ['/v1.0/oauth2PermissionGrants/', 'oauth2-permission-grants'],
  ['/v1.0/identity/conditionalAccess/policies/', 'conditional-access-policies'],
  ['/subscriptions/', 'file-services'],
];

export interface WiredPorts extends WirePorts {
  readonly azure: LocalAzure;
  /** Method and path of each write that the service answered with success, the lost answers too. */
  readonly taken: () => readonly string[];
}

/** Ports in memory, whose executor is the real one, and whose tenant is that of an embedded Azure, over HTTP. */
export async function wiredPorts(broken: BrokenWorld): Promise<WiredPorts> {
  const tenant = tenantOf(broken);
  const token = 'of-the-remediator';
  const azure = createLocalAzure({
    tenant,
    token,
    onEvent: () => undefined,
    clock: () => new Date('2026-11-21T12:00:01.000Z'),
    newGuid: () => 'made-by-graph',
  });
  await azure.start();
  onTestFinished(() => azure.stop());
  const env = { KERBWATCH_ARM_ENDPOINT: azure.origin, KERBWATCH_GRAPH_ENDPOINT: azure.origin };
  const endpoints = resolveEndpoints(env);
  const credential = staticToken(token);
  const credentials = { arm: credential, graph: credential };
  const subscriptionTenant = () => Promise.resolve(tenantId);
  const real = createPlanExecutor(
    liveEstateOf(env, settings(), tenantId, { endpoints, credentials, subscriptionTenant, maxRetries: 0 }),
  );
  const base = wirePorts(broken);
  const ports: WiredPorts = Object.assign(base, {
    azure,
    taken: () =>
      azure.requests.log
        .filter(({ method, status }) => method !== 'GET' && status < 300)
        .map(({ method, path }) => `${method} ${path}`),
    executor: interruptible(
      {
        read: (call: Parameters<typeof real.read>[0]) => real.read(call),
        execute: async (call: Parameters<typeof real.execute>[0]) => {
          base.hooks.before();
          const answer = await real.execute(call);
          base.hooks.after();
          return answer;
        },
      },
      base.faults,
    ),
  });
  const start = base.tenant;
  Object.defineProperty(ports, 'tenant', {
    get: () => worldIn(tenant),
    set: (world: World) => {
      fill(tenant, world);
    },
  });
  ports.tenant = start;
  return ports;
}

/** Somebody else changes what the plan guards. */
export function meddle(broken: BrokenWorld, ports: WiredPorts): void {
  const world = ports.tenant;
  broken.meddle(world);
  ports.tenant = world;
}

/** The account, and nothing else yet. */
function tenantOf({ account }: BrokenWorld): LocalTenant {
  const tenant: LocalTenant = {
    tenantId,
    subscriptions: [{ id: account.subscriptionId, name: 'Files', readable: true, managementGroup: null }],
    managementGroups: [],
    collections: new Map(),
    forbidden: new Set(),
    changes: [],
  };
  const { id, name, key } = account;
  collectionOf(tenant, 'storage-accounts').set(key, { id, name, kind: 'StorageV2', properties: {} });
  return tenant;
}

function worldIn(tenant: LocalTenant): World {
  return new Map(
    places.flatMap(([path, name]) =>
      [...collectionOf(tenant, name).values()].map((object) => {
        const id = String(object['id']);
        return [name === 'file-services' ? id.toLowerCase() : `${path}${id}`, structuredClone(object)] as const;
      }),
    ),
  );
}

function fill(tenant: LocalTenant, world: World): void {
  for (const [path, name] of places) {
    const objects = [...world].filter(([key]) => key.startsWith(path)).map(([, object]) => structuredClone(object));
    tenant.collections.set(name, new Map(objects.map((object) => [String(object['id']).toLowerCase(), object])));
  }
}
