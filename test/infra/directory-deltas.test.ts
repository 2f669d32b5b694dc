import { describe, expect, it } from 'vitest';
import { staticToken } from '../../infra/azure/identity/static-token.ts';
import { createDirectoryDeltas } from '../../infra/directory-deltas.ts';
import type { LocalTenant } from '../../infra/local/azure/local-tenant.ts';
import { channelForTest } from './azure/graph/channel-for-test.ts';
import { graphServer } from './azure/graph-server.ts';
import { put, smallTenant, startedAzure, type StartedAzure, tenantId } from './local/azure/started-azure.ts';

/** Two objects a page, so that everything takes several. */
const pageSize = { resourceGraph: 2, graph: 2, arm: 2 };

async function started(tenant: LocalTenant = smallTenant()) {
  const cloud = await startedAzure(tenant, pageSize);
  const { graph, counts } = channelForTest(cloud.azure.origin, { credential: staticToken('the-workload-token') });
  return { cloud, counts, deltas: createDirectoryDeltas(graph, tenantId) };
}

type Started = Awaited<ReturnType<typeof started>>;

async function whole({ deltas }: Started, list: 'applications' | 'service-principals' | 'oauth2-permission-grants') {
  const reading = await deltas.changes(list, null);
  if (reading.state !== 'read') throw new Error(`${list} could not be read: ${reading.gap.reason}`);
  return reading;
}

async function rename({ call }: StartedAzure, id: string, displayName: string): Promise<void> {
  await call('PATCH', `/v1.0/applications/${id}`, { displayName });
}

describe('Changes of the directory, from Microsoft Graph', () => {
  it('begin with all there is, over several pages, of which only what claims a host is told', async () => {
    const tenant = smallTenant();
    put(tenant, 'applications', { id: 'other', appId: 'other', displayName: 'Payroll', identifierUris: [] });
    const azure = await started(tenant);

    const reading = await whole(azure, 'applications');

    expect(reading.whole).toBe(true);
    expect(reading.changes.map(({ id }) => id)).toEqual([
      'application-files11',
      'application-files21',
      'application-files31',
    ]);
    expect(reading.changes[0]?.names).toContain('cifs/files11.file.core.windows.net');
    expect(azure.counts.graph).toBe(2);
  });

  it('cost one request where nothing has changed', async () => {
    const azure = await started();
    const { position } = await whole(azure, 'service-principals');
    const before = azure.counts.graph;

    expect(await azure.deltas.changes('service-principals', position)).toMatchObject({
      state: 'read',
      changes: [],
      whole: false,
    });
    expect(azure.counts.graph - before).toBe(1);
  });

  it('name what was changed, made and removed since, page by page', async () => {
    const azure = await started();
    const { position } = await whole(azure, 'applications');
    await rename(azure.cloud, 'application-files11', 'Renamed');
    await azure.cloud.call('DELETE', '/v1.0/applications/application-files21');
    put(azure.cloud.tenant, 'applications', {
      id: 'new',
      appId: 'NEW-APP',
      displayName: 'New',
      identifierUris: ['CIFS/x'],
    });
    const before = azure.counts.graph;

    const reading = await azure.deltas.changes('applications', position);

    expect(reading).toMatchObject({
      whole: false,
      changes: [
        { id: 'application-files11', removed: false, appId: 'app-files11' },
        { id: 'new', removed: false, appId: 'new-app', names: ['new', 'cifs/x'] },
        { id: 'application-files21', removed: true, appId: null, names: [] },
      ],
    });
    expect(azure.counts.graph - before).toBe(2);
  });

  it('tell of a removed grant by its id alone, and of a new one by its client', async () => {
    const azure = await started();
    const { position } = await whole(azure, 'oauth2-permission-grants');
    await azure.cloud.call('DELETE', '/v1.0/oauth2PermissionGrants/grant-files11');
    await azure.cloud.call('POST', '/v1.0/oauth2PermissionGrants', {
      clientId: 'principal-files11',
      resourceId: 'd0d0d0d0-0000-4000-8000-000000000004',
      consentType: 'AllPrincipals',
      scope: 'openid',
    });

    const reading = await azure.deltas.changes('oauth2-permission-grants', position);

    expect(reading).toMatchObject({
      changes: [
        { removed: false, clientId: 'principal-files11', consentType: 'AllPrincipals' },
        { id: 'grant-files11', removed: true, clientId: null },
      ],
    });
  });

  it('are not told of what no rule rests on', async () => {
    const azure = await started();
    const { position } = await whole(azure, 'applications');
    await azure.cloud.call('PATCH', '/v1.0/applications/application-files11', { publisherDomain: 'other.example' });

    expect(await azure.deltas.changes('applications', position)).toMatchObject({ changes: [] });
  });

  it('start over where the position has expired', async () => {
    const azure = await started();
    const { position } = await whole(azure, 'applications');
    azure.cloud.azure.deltas.expire();

    const reading = await azure.deltas.changes('applications', position);

    expect(reading).toMatchObject({ state: 'read', whole: true, changes: { length: 3 } });
    expect(reading).not.toMatchObject({ position });
  });

  it('are unreadable for now where the position has expired and the list may not be read from its start again', async () => {
    const azure = await started();
    const { position } = await whole(azure, 'applications');
    azure.cloud.azure.deltas.expire();
    const before = azure.counts.graph;

    expect(await azure.deltas.changes('applications', position, false)).toMatchObject({
      state: 'unreadable',
      gap: { collection: 'applications', reason: 'server-error' },
    });
    expect(azure.counts.graph - before).toBe(1);
  });

  it('start over where the position lies on another origin, which is not asked', async () => {
    const azure = await started();
    const elsewhere = await graphServer(() => ({ body: { value: [] } }));

    const reading = await azure.deltas.changes(
      'applications',
      `${elsewhere.origin}/v1.0/applications/delta?$deltatoken=x`,
    );

    expect(reading).toMatchObject({ state: 'read', whole: true });
    expect(elsewhere.seen).toEqual([]);
  });

  it.each([
    ['forbidden', 'Application.Read.All'],
    ['throttled', null],
  ] as const)('that are %s are a gap, and no list without changes', async (reason, needs) => {
    const azure = await started();
    const { position } = await whole(azure, 'applications');
    if (reason === 'forbidden') azure.cloud.azure.faults.forbid('applications');
    else azure.cloud.azure.faults.throttle(50, ({ path }) => path.endsWith('/applications/delta'));

    expect(await azure.deltas.changes('applications', position)).toEqual({
      state: 'unreadable',
      gap: { collection: 'applications', scope: 'tenant', reason, needs },
    });
  });

  it.each([
    ['a link to another origin', { value: [], '@odata.deltaLink': 'https://elsewhere.example/v1.0/x' }],
    ['no link at all', { value: [] }],
    ['no list', { '@odata.deltaLink': '/v1.0/x' }],
    ['an object without an id', { value: [{}], '@odata.deltaLink': '/v1.0/x' }],
  ])('that come with %s are malformed', async (_, body) => {
    const { origin } = await graphServer(() => ({ body }));
    const deltas = createDirectoryDeltas(channelForTest(origin).graph, tenantId);

    expect(await deltas.changes('applications', null)).toMatchObject({
      state: 'unreadable',
      gap: { reason: 'malformed' },
    });
  });

  it('that break off after a page count for nothing', async () => {
    const { origin } = await graphServer(({ url }, own) =>
      url.includes('skip')
        ? { status: 403 }
        : {
            body: { value: [{ id: 'a', displayName: '[Storage Account] x' }], '@odata.nextLink': `${own}/v1.0/x?skip` },
          },
    );
    const deltas = createDirectoryDeltas(channelForTest(origin).graph, tenantId);

    expect(await deltas.changes('applications', null)).toMatchObject({
      state: 'unreadable',
      gap: { reason: 'forbidden' },
    });
  });

  it('include an object in an odd shape, by its id', async () => {
    const { origin } = await graphServer((_, own) => ({
      body: { value: [{ id: 'A', identifierUris: 7 }], '@odata.deltaLink': `${own}/v1.0/applications/delta?x` },
    }));
    const deltas = createDirectoryDeltas(channelForTest(origin).graph, tenantId);

    expect(await deltas.changes('applications', `${origin}/v1.0/applications/delta?y`)).toMatchObject({
      changes: [{ id: 'A', removed: false, names: [] }],
    });
  });
});

describe('Conditional Access policies, as the watch compares them', () => {
  const policies = (over: Record<string, unknown>) => ({
    id: 'P1',
    displayName: 'MFA',
    state: 'enabled',
    conditions: { applications: { includeApplications: ['b', 'a'] }, users: { includeUsers: ['All'] } },
    ...over,
  });
  async function read(...value: readonly Record<string, unknown>[]) {
    const { origin } = await graphServer(() => ({ body: { value } }));
    const reading = await createDirectoryDeltas(channelForTest(origin).graph, tenantId).policies();
    if (reading.state !== 'read') throw new Error(reading.gap.reason);
    return reading.policies;
  }

  it('have the same hash in whatever order members and lists come, and another for another value', async () => {
    const [one] = await read(policies({}));
    const [again] = await read({
      ...policies({
        conditions: { users: { includeUsers: ['All'] }, applications: { includeApplications: ['a', 'b'] } },
      }),
    });
    const [other] = await read(policies({ state: 'disabled' }));

    expect(one).toMatchObject({ id: 'p1', policy: { state: 'enabled' } });
    expect(again?.hash).toBe(one?.hash);
    expect(other?.hash).not.toBe(one?.hash);
  });

  it('are kept when they are not what their schema says, as something nobody can read', async () => {
    expect(await read(policies({ conditions: null }))).toMatchObject([{ id: 'p1', policy: null }]);
  });

  it('are a gap where half the list is missing, for the other half would seem removed', async () => {
    const { origin } = await graphServer(({ url }, own) =>
      url.includes('skip')
        ? { status: 403 }
        : { body: { value: [policies({})], '@odata.nextLink': `${own}/v1.0/x?skip` } },
    );

    expect(await createDirectoryDeltas(channelForTest(origin).graph, tenantId).policies()).toMatchObject({
      state: 'unreadable',
      gap: { reason: 'forbidden', needs: 'Policy.Read.All' },
    });
  });
});
