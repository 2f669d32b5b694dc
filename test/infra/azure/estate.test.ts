import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, describe, it } from 'vitest';
import type { CollectionName } from '../../../domain/model/collection.ts';
import { gapsOf, itemsOf } from '../../../domain/model/collection.ts';
import { resolveEndpoints } from '../../../infra/azure/endpoints.ts';
import { createLiveEstate, type LiveEstate } from '../../../infra/azure/estate.ts';
import { resolveCredentials } from '../../../infra/azure/identity/resolve-credentials.ts';
import { loadTenant, type LocalTenant } from '../../../infra/local/azure/tenant.ts';
import { createLocalAzure, type LocalAzure } from '../../../infra/local/azure/server.ts';
import { writeSampleTenant } from '../../../infra/local/sample-tenant/generate.ts';

const now = new Date('2026-11-20T03:00:00Z');
const token = 'the-workload-token';
const pageSize = { resourceGraph: 20, graph: 8, arm: 3 };
const read: readonly CollectionName[] = [
  'storage-accounts',
  'private-endpoints',
  'applications',
  'service-principals',
  'oauth2-permission-grants',
  'conditional-access-policies',
];
let directory: string;
let azure: LocalAzure;
let tenant: LocalTenant;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kerbwatch-estate-'));
  await writeSampleTenant(directory, { now });
  tenant = await loadTenant(directory);
  azure = createLocalAzure({
    tenant,
    token,
    pageSize,
    onEvent: () => undefined,
    clock: () => now,
    newGuid: () => 'guid',
  });
  await azure.start();
});

afterAll(async () => {
  await azure.stop();
  await rm(directory, { recursive: true });
});

function estateOf(subscriptions: readonly string[] = [], managementGroups: readonly string[] = []): LiveEstate {
  const env = {
    KERBWATCH_ARM_ENDPOINT: azure.origin,
    KERBWATCH_GRAPH_ENDPOINT: azure.origin,
    KERBWATCH_TOKEN: token,
  };
  const endpoints = resolveEndpoints(env);
  const { tenantId } = tenant;
  const credentials = resolveCredentials({
    caller: 'person',
    endpoints,
    env,
    tenantId,
    prompt: () => undefined,
    now: () => now.getTime(),
  });
  const retry = { sleep: () => Promise.resolve(), random: () => 0, maxRetries: 1 };
  return createLiveEstate({ endpoints, credentials, tenantId, scope: { subscriptions, managementGroups }, retry });
}

/** Lower-cased ids of what a caller may read of a collection. */
function readableIds(name: CollectionName): string[] {
  const closed = tenant.subscriptions
    .filter(({ readable }) => !readable)
    .map(({ id }) => `/subscriptions/${id}/`.toLowerCase());
  const ids = [...(tenant.collections.get(name)?.keys() ?? [])];
  return ids.filter((id) => !closed.some((prefix) => id.startsWith(prefix))).sort();
}

describe('a live estate on the embedded cloud', () => {
  it('reads the whole sample tenant, with one request per page', async () => {
    const estate = estateOf();

    const collections = await Promise.all([...read, ...read].map((name) => estate.read(name)));

    const pages = (name: CollectionName, size: number) => Math.max(1, Math.ceil(readableIds(name).length / size));
    for (const [index, name] of read.entries()) {
      const collection = collections[index];
      expect(collection?.state, name).toBe('known');
      const ids = collection === undefined ? [] : itemsOf(collection).map((item) => String(item['id']).toLowerCase());
      expect(ids.sort(), name).toEqual(readableIds(name));
    }
    expect(pages('storage-accounts', 20)).toBeGreaterThan(1);
    expect(estate.requests).toEqual({
      resourceGraph: 1 + pages('storage-accounts', 20) + pages('private-endpoints', 20),
      graph: read.slice(2).reduce((sum, name) => sum + pages(name, 8), 0),
      arm: 0,
      throttled: 0,
    });
    for (const name of read.slice(2)) expect(pages(name, 8), name).toBeGreaterThan(1);
  });

  it('has a gap for the subscription that was named and cannot be seen', async () => {
    const [closed, open] = [false, true].map((wanted) =>
      tenant.subscriptions.find(({ readable }) => readable === wanted),
    );
    const estate = estateOf([closed?.id ?? '', open?.id ?? '']);

    expect(gapsOf(await estate.read('storage-accounts'))).toMatchObject([
      {
        scope: `/subscriptions/${closed?.id.toLowerCase() ?? ''}`,
        reason: 'not-visible',
        needs: 'Reader on the subscription',
      },
    ]);
    expect(await estate.readableSubscriptions()).toEqual([open?.id.toLowerCase()]);
  });

  it('reads what is below a management group, page by page, with a gap for what cannot be seen there', async () => {
    const below = (readable: boolean) =>
      tenant.subscriptions.filter((each) => each.readable === readable).map(({ id }) => id.toLowerCase());
    const listed = tenant.subscriptions.length + tenant.managementGroups.length - 1;
    const estate = estateOf([], ['CONTOSO']);

    const gaps = gapsOf(await estate.read('storage-accounts'));

    expect(below(false)).not.toEqual([]);
    expect(gaps.map(({ scope, reason }) => [scope, reason])).toEqual(
      below(false).map((id) => [`/subscriptions/${id}`, 'not-visible']),
    );
    expect(await estate.readableSubscriptions()).toEqual(below(true).sort());
    expect(estate.requests.arm).toBe(Math.ceil(listed / pageSize.arm));
    expect(estate.requests.arm).toBeGreaterThan(1);
  });

  it('leaves out what is not below the management group, and has a gap for one that is not there', async () => {
    const of = async (group: string) => {
      const estate = estateOf([], [group]);
      const gaps = gapsOf(await estate.read('storage-accounts'));
      return { ids: await estate.readableSubscriptions(), gaps: gaps.map(({ scope, needs }) => [scope, needs]) };
    };
    const corp = tenant.subscriptions.filter(({ managementGroup }) => managementGroup === 'contoso-corp');

    expect(await of('contoso-corp')).toEqual({ ids: corp.map(({ id }) => id.toLowerCase()).sort(), gaps: [] });
    expect(await of('elsewhere')).toEqual({ ids: [], gaps: [['tenant', 'Management Group Reader on elsewhere']] });
  });

  it('reads one account and its file service, and tells absence from refusal', async () => {
    const estate = estateOf();
    const id = readableIds('storage-accounts')[0] ?? '';
    const closed = [...(tenant.collections.get('storage-accounts')?.keys() ?? [])].find(
      (key) => !readableIds('storage-accounts').includes(key),
    );

    const found = await estate.readAccount(id);

    expect(found).toEqual({ state: 'found', account: tenant.collections.get('storage-accounts')?.get(id) });
    expect(await estate.readAccount(`${id}gone`)).toEqual({ state: 'absent' });
    expect(await estate.readAccount(closed ?? '')).toEqual({
      state: 'unreadable',
      gap: {
        collection: 'storage-accounts',
        scope: closed,
        reason: 'forbidden',
        needs: 'Microsoft.Storage/storageAccounts/read',
      },
    });
  });

  it('has a gap naming the permission for a directory list that may not be read, and still reads the others', async () => {
    azure.faults.forbid('conditional-access-policies');
    const estate = estateOf();

    const [policies, applications] = await Promise.all([
      estate.read('conditional-access-policies'),
      estate.read('applications'),
    ]);
    azure.faults.clear();

    expect(policies).toEqual({
      state: 'unavailable',
      gaps: [
        { collection: 'conditional-access-policies', scope: 'tenant', reason: 'forbidden', needs: 'Policy.Read.All' },
      ],
    });
    expect(applications.state).toBe('known');
  });

  it('counts what was throttled and reads it all the same', async () => {
    azure.faults.throttle(1, ({ path }) => path.endsWith('/policies'));
    const estate = estateOf();

    const policies = await estate.read('conditional-access-policies');
    azure.faults.clear();

    expect(policies.state).toBe('known');
    expect(estate.requests.throttled).toBe(1);
  });

  it('says not-read for a collection that it does not read', async () => {
    expect(gapsOf(await estateOf().read('devices'))).toMatchObject([{ collection: 'devices', reason: 'not-read' }]);
  });
});
