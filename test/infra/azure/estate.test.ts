import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, describe, it } from 'vitest';
import type { CollectionName } from '../../../domain/model/collection.ts';
import { gapsOf, itemsOf } from '../../../domain/model/collection.ts';
import { resolveEndpoints } from '../../../infra/azure/endpoints.ts';
import { createLiveEstate, type LiveEstate, type SubscriptionTenant } from '../../../infra/azure/estate.ts';
import { resolveCredentials } from '../../../infra/azure/identity/resolve-credentials.ts';
import { loadTenant, type LocalTenant } from '../../../infra/local/azure/tenant.ts';
import { createLocalAzure, type LocalAzure } from '../../../infra/local/azure/server.ts';
import { writeSampleTenant } from '../../../infra/local/sample-tenant/generate.ts';

const now = new Date('2026-11-20T03:00:00Z');
const token = 'the-workload-token';
const pageSize = { resourceGraph: 6, graph: 8, arm: 3 };
const ofResourceGraph = ['storage-accounts', 'private-endpoints', 'role-assignments', 'role-definitions'] as const;
const graphListNames = [
  'applications',
  'service-principals',
  'oauth2-permission-grants',
  'conditional-access-policies',
] as const;
const singles = ['security-defaults', 'default-app-management-policy'] as const;
const read: readonly CollectionName[] = [...ofResourceGraph, ...graphListNames, ...singles, 'file-services'];
/** The auditor's own role, which gives no right on shares. */
const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
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

function estateOf(
  subscriptions: readonly string[] = [],
  managementGroups: readonly string[] = [],
  subscriptionTenant?: SubscriptionTenant,
): LiveEstate {
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
  const scope = { subscriptions, managementGroups };
  return createLiveEstate({ endpoints, credentials, tenantId, scope, retry, subscriptionTenant });
}

/** Lower-cased ids of what a caller may read of a collection, and wants to. */
function readableIds(name: CollectionName): string[] {
  const closed = tenant.subscriptions
    .filter(({ readable }) => !readable)
    .map(({ id }) => `/subscriptions/${id}/`.toLowerCase());
  const objects = [...(tenant.collections.get(name) ?? [])];
  const ids = objects.flatMap(([id, object]) =>
    JSON.stringify(object).includes(`/${reader}"`) && name === 'role-assignments' ? [] : [id],
  );
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
    const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
    expect(estate.requests).toEqual({
      resourceGraph: 1 + sum(ofResourceGraph.map((name) => pages(name, 6))),
      graph: sum(graphListNames.map((name) => pages(name, 8))) + singles.length,
      arm: readableIds('file-services').length,
      throttled: 0,
    });
    for (const name of ['storage-accounts', 'role-assignments', 'role-definitions'] as const) {
      expect(pages(name, 6), name).toBeGreaterThan(1);
    }
    for (const name of graphListNames) expect(pages(name, 8), name).toBeGreaterThan(1);
    expect(readableIds('file-services').length).toBeGreaterThan(40);
  });

  it('says what it was asked for, in lower case, and how many pages came of each list', async () => {
    const named = tenant.subscriptions.flatMap(({ id, readable }) => (readable ? [id.toUpperCase()] : []));
    const estate = estateOf(named);
    const accounts = itemsOf(await estate.read('storage-accounts')).length;
    const applications = itemsOf(await estate.read('applications')).length;
    await estate.read('security-defaults');

    expect(estate.scope).toEqual({ subscriptions: named.map((id) => id.toLowerCase()), managementGroups: [] });
    expect(estate.pages?.get('storage-accounts')).toBe(Math.ceil(accounts / pageSize.resourceGraph));
    expect(estate.pages?.get('applications')).toBe(Math.ceil(applications / pageSize.graph));
    expect(estate.pages?.get('security-defaults')).toBe(1);
    expect(estate.pages?.has('private-endpoints')).toBe(false);
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

  it('reads one account, and tells absence from refusal', async () => {
    const estate = estateOf();
    const id = readableIds('storage-accounts')[0] ?? '';
    const closed = [...(tenant.collections.get('storage-accounts')?.keys() ?? [])].find(
      (key) => !readableIds('storage-accounts').includes(key),
    );

    const found = await estate.readAccount(id);

    const wire = tenant.collections.get('storage-accounts')?.get(id);
    expect(found).toEqual({ state: 'found', account: { ...wire, tenantId: tenant.tenantId } });
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

  it('tells the tenant of one account as its row does, by its subscription, where that is another one', async () => {
    const foreign = '11111111-0000-4000-8000-000000000001';
    const [id = ''] = readableIds('storage-accounts');
    const subscription = tenant.subscriptions.find((each) => id.includes(each.id.toLowerCase()));
    if (subscription === undefined) throw new Error('The account is in a subscription of the tenant');
    subscription.tenantId = foreign;
    const rows = itemsOf(await estateOf().read('storage-accounts'));
    const reading = await estateOf().readAccount(id);
    delete subscription.tenantId;

    expect(reading).toMatchObject({ state: 'found', account: { tenantId: foreign } });
    expect(rows.find((row) => String(row['id']).toLowerCase() === id)).toMatchObject({ tenantId: foreign });
  });

  it('does not judge an account whose tenant could not be asked for', async () => {
    const [id = ''] = readableIds('storage-accounts');
    const asked: string[] = [];
    const estate = estateOf([], [], (subscriptionId) => {
      asked.push(subscriptionId);
      return Promise.reject(new Error('no answer'));
    });

    expect(await estate.readAccount(id)).toMatchObject({ state: 'unreadable', gap: { reason: 'unreachable' } });
    expect(asked).toEqual([/subscriptions\/([^/]+)/.exec(id)?.[1]]);
  });

  it('reads the file services of the accounts it is given, and of no others', async () => {
    const estate = estateOf();
    const [one = '', other = ''] = readableIds('file-services').map((id) => id.replace('/fileservices/default', ''));

    const services = await estate.readFileServices([one, `${other}gone`, other]);

    expect(itemsOf(services).map(({ id }) => String(id).toLowerCase())).toEqual(
      [one, other].map((id) => `${id}/fileservices/default`),
    );
    expect(services.state).toBe('known');
    expect(estate.requests).toMatchObject({ arm: 3, resourceGraph: 0 });
  });

  it('has a gap per account where file services may not be read, and one for each subscription it does not see', async () => {
    azure.faults.forbid('file-services');
    const [closed, open] = [false, true].map(
      (wanted) => tenant.subscriptions.find(({ readable }) => readable === wanted)?.id.toLowerCase() ?? '',
    );
    const estate = estateOf([closed ?? '', open ?? '']);

    const services = await estate.read('file-services');
    azure.faults.clear();

    const accounts = readableIds('file-services')
      .filter((id) => id.startsWith(`/subscriptions/${open ?? ''}/`))
      .map((id) => id.replace('/fileservices/default', ''));
    expect(services.state).toBe('unavailable');
    expect(
      gapsOf(services)
        .map(({ scope, reason }) => `${reason} ${scope}`)
        .sort(),
    ).toEqual([`not-visible /subscriptions/${closed ?? ''}`, ...accounts.map((id) => `forbidden ${id}`)].sort());
  });

  it('knows nothing of file services where accounts cannot be read, and asks for none', async () => {
    azure.faults.unavailable(99, ({ kind }) => kind === 'resourceGraph');
    const estate = estateOf();

    const services = await estate.read('file-services');
    azure.faults.clear();

    expect(services).toMatchObject({ state: 'unavailable' });
    expect(gapsOf(services).map(({ collection }) => collection)).toEqual(['file-services']);
    expect(estate.requests.arm).toBe(0);
  });

  it('does not take role assignments and definitions that it may not see for none', async () => {
    azure.faults.forbid('role-assignments');
    azure.faults.forbid('role-definitions');
    const estate = estateOf();

    const gaps = await Promise.all(
      (['role-assignments', 'role-definitions'] as const).map(async (name) => gapsOf(await estate.read(name))),
    );
    azure.faults.clear();

    expect(gaps.flat().map(({ reason, needs }) => [reason, needs])).toEqual([
      ['not-visible', 'Microsoft.Authorization/roleAssignments/read'],
      ['not-visible', 'Microsoft.Authorization/roleDefinitions/read'],
    ]);
  });

  it('reads the assignments of built-in share roles where it may not see definitions', async () => {
    azure.faults.forbid('role-definitions');

    const assignments = await estateOf().read('role-assignments');
    azure.faults.clear();

    expect(assignments.state).toBe('known');
    expect(itemsOf(assignments)).toHaveLength(readableIds('role-assignments').length - 1);
  });

  it('tells whether a name is taken, also by an account that it cannot see, and asks once for each', async () => {
    const estate = estateOf();

    const answers = await Promise.all(
      ['contosoprofiles', 'legalcases', 'finretired', 'finretired', 'No Name'].map((name) =>
        estate.nameAvailability(name),
      ),
    );

    expect(answers).toEqual(['taken', 'taken', 'free', 'free', null]);
    expect(estate.requests.arm).toBe(4);
  });

  it('cannot tell whether a name is taken without a subscription to ask in', async () => {
    const closed = tenant.subscriptions.find(({ readable }) => !readable)?.id ?? '';

    expect(await estateOf([closed]).nameAvailability('contosoprofiles')).toBeNull();
  });

  it('reads owners with the service principals, which have their own', async () => {
    const principals = itemsOf(await estateOf().read('service-principals'));

    expect(principals.length).toBeGreaterThan(0);
    expect(principals.filter(({ owners }) => !Array.isArray(owners))).toEqual([]);
  });

  it('reads owners with the applications', async () => {
    const applications = itemsOf(await estateOf().read('applications'));

    const owned = applications.filter(({ owners }) => Array.isArray(owners) && owners.length > 0);
    expect(applications.filter(({ owners }) => !Array.isArray(owners))).toEqual([]);
    expect(owned.map(({ displayName }) => displayName)).toContain(
      '[Storage Account] retailowned.file.core.windows.net',
    );
  });

  describe('with a policy that filters applications', () => {
    const attributes = { Engineering: { Project: 'files' } };

    beforeAll(() => {
      const [principal] = tenant.collections.get('service-principals')?.values() ?? [];
      if (principal !== undefined) principal['customSecurityAttributes'] = attributes;
      const applicationFilter = { mode: 'exclude', rule: 'CustomSecurityAttribute.Engineering_Project -eq "files"' };
      tenant.collections.get('conditional-access-policies')?.set('filtering', {
        id: 'filtering',
        displayName: 'Filtering',
        state: 'enabled',
        conditions: { applications: { includeApplications: ['All'], applicationFilter }, users: {} },
      });
    });

    afterAll(() => {
      tenant.collections.get('conditional-access-policies')?.delete('filtering');
    });

    const attributesRead = async () =>
      itemsOf(await estateOf().read('service-principals')).map((principal) => principal['customSecurityAttributes']);

    it('reads the security attributes of principals', async () => {
      const read = await attributesRead();

      expect(read.filter((value) => value !== null)).toEqual([attributes]);
    });

    it('leaves them out where it may not see any, and reads the principals whole all the same', async () => {
      azure.faults.forbid('custom-security-attributes');

      const [read, principals] = await Promise.all([attributesRead(), estateOf().read('service-principals')]);
      azure.faults.clear();

      expect(new Set(read)).toEqual(new Set([undefined]));
      expect(principals.state).toBe('known');
      expect(itemsOf(principals)).toHaveLength(readableIds('service-principals').length);
    });
  });

  it('asks for no security attributes where no policy looks at them', async () => {
    const principals = itemsOf(await estateOf().read('service-principals'));

    expect(principals.filter((principal) => 'customSecurityAttributes' in principal)).toEqual([]);
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
