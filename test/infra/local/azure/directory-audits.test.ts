import { describe, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLiveEstate } from '../../../../infra/azure/estate.ts';
import { staticToken } from '../../../../infra/azure/identity/static-token.ts';
import { resolveEndpoints } from '../../../../infra/azure/endpoints.ts';
import type { ChangeLog } from '../../../../domain/audit/drift-ports.ts';
import {
  accountPath,
  administrator,
  administratorToken,
  errorIn,
  listIn,
  put,
  smallTenant,
  startedAzure,
  tenantId,
  type StartedAzure,
} from './started-azure.ts';

const policyId = 'policy-1';
/** The same in every tenant. */
const storageProvider = 'a6aa9161-5291-40bb-8c5c-923b567bee3b';
const path = '/v1.0/auditLogs/directoryAudits';
const asAdministrator = { authorization: `Bearer ${administratorToken}` };
const morning = Date.parse('2026-11-21T09:00:00Z');

async function cloud(): Promise<StartedAzure> {
  const tenant = smallTenant();
  put(tenant, 'conditional-access-policies', { id: policyId, displayName: 'MFA', state: 'disabled', conditions: {} });
  return startedAzure(tenant, { resourceGraph: 10, graph: 2, arm: 10 });
}

function about(id: string, since = '2026-11-21T09:00:00Z'): string {
  const filter = `activityDateTime ge ${since} and targetResources/any(t:t/id eq '${id}')`;
  return `${path}?$filter=${encodeURIComponent(filter)}`;
}

function changeLogOf({ azure }: StartedAzure): ChangeLog {
  const endpoints = resolveEndpoints({ KERBWATCH_ARM_ENDPOINT: azure.origin, KERBWATCH_GRAPH_ENDPOINT: azure.origin });
  const token = staticToken('the-workload-token');
  return createLiveEstate({
    endpoints,
    credentials: { arm: token, graph: token },
    tenantId,
    scope: { subscriptions: [], managementGroups: [] },
    retry: { sleep: (wait) => sleep(wait), random: Math.random },
  }).changeLog;
}

async function setPolicy({ call }: StartedAzure, state: string): Promise<void> {
  expect(
    (await call('PATCH', `/v1.0/identity/conditionalAccess/policies/${policyId}`, { state }, asAdministrator)).status,
  ).toBe(204);
}

describe('Directory audits of the embedded cloud', () => {
  it('tell who wrote what, and nothing of writes that were refused', async () => {
    const started = await cloud();
    const { call } = started;
    await setPolicy(started, 'enabled');
    await call(
      'PATCH',
      `/v1.0/identity/conditionalAccess/policies/${policyId}`,
      { state: 'nonsense' },
      asAdministrator,
    );

    expect(listIn(await call('GET', about(policyId)))).toMatchObject([
      {
        activityDisplayName: 'Update conditional access policy',
        activityDateTime: '2026-11-21T10:00:00.1230000Z',
        initiatedBy: { user: { id: administrator.objectId, userPrincipalName: administrator.upn } },
        targetResources: [{ id: policyId }],
      },
    ]);
    expect(listIn(await call('GET', about('another')))).toEqual([]);
    expect(listIn(await call('GET', about(policyId, '2026-11-21T11:00:00Z')))).toEqual([]);
  });

  it('name a policy that was just made, and the client of a consent that is taken back', async () => {
    const { call } = await cloud();
    const made = await call('POST', '/v1.0/identity/conditionalAccess/policies', {
      displayName: 'x',
      state: 'disabled',
      conditions: {},
    });
    await call('DELETE', '/v1.0/oauth2PermissionGrants/grant-files11', undefined, asAdministrator);

    expect(listIn(await call('GET', about(String(made.body['id']))))).toMatchObject([
      {
        activityDisplayName: 'Add conditional access policy',
        initiatedBy: { user: null, app: { servicePrincipalId: expect.any(String) as string } },
      },
    ]);
    expect(listIn(await call('GET', about('principal-files11')))).toMatchObject([
      { activityDisplayName: 'Remove delegated permission grant' },
    ]);
  });

  it('say of a policy, a list of an app and a consent what they were and became', async () => {
    const started = await cloud();
    const { call } = started;
    await setPolicy(started, 'enabled');
    const uris = ['api://one', 'api://two'];
    await call('PATCH', '/v1.0/applications/application-files11', { identifierUris: uris }, asAdministrator);
    await call('PATCH', '/v1.0/oauth2PermissionGrants/grant-files11', { scope: 'openid' }, asAdministrator);
    const log = changeLogOf(started);
    const told = async (id: string) => {
      const reading = await log.ofDirectory([id], morning);
      if (reading.state !== 'read') throw new Error('The records were not read');
      return reading.records[0]?.touched[0]?.values ?? {};
    };

    const policy = (await told(policyId))['ConditionalAccessPolicy'];
    expect(JSON.parse(policy?.was ?? '')).toMatchObject({ id: policyId, state: 'disabled' });
    expect(JSON.parse(policy?.became ?? '')).toMatchObject({ id: policyId, state: 'enabled' });
    expect((await told('application-files11'))['AppIdentifierUri']?.became).toBe(JSON.stringify(uris));
    const scope = (await told('principal-files11'))['DelegatedPermissionGrant.Scope'];
    expect(scope?.became).toBe('"openid"');
    expect(scope?.was).toContain('User.Read');
  });

  it('refuse a filter that is not read here, and all to whom they are forbidden', async () => {
    const { call, azure } = await cloud();
    expect((await call('GET', `${path}?$filter=${encodeURIComponent("result eq 'failure'")}`)).status).toBe(400);

    azure.faults.forbid('directory-audits');
    expect(errorIn(await call('GET', path)).code).toBe('Authentication_RequestFromUnsupportedUserRole');
  });

  it('are read by Kerbwatch page by page', async () => {
    const started = await cloud();
    for (const state of ['enabled', 'disabled', 'enabled']) await setPolicy(started, state);

    const reading = await changeLogOf(started).ofDirectory([policyId], morning);
    expect(reading).toMatchObject({ state: 'read', records: { length: 3 } });
    expect(reading.state === 'read' && reading.records[0]?.actor).toMatchObject({
      kind: 'user',
      userPrincipalName: administrator.upn,
    });
  });
});

describe('Changes of an account in the embedded cloud', () => {
  it('are read by Kerbwatch with the object id of who made them', async () => {
    const started = await cloud();
    const id = accountPath('files11');
    const body = { properties: { azureFilesIdentityBasedAuthentication: { directoryServiceOptions: 'None' } } };
    expect((await started.call('PATCH', `${id}?api-version=2025-08-01`, body, asAdministrator)).status).toBe(200);
    const log = changeLogOf(started);

    expect(await log.ofResource(id.toLowerCase(), morning)).toMatchObject({
      state: 'read',
      records: [
        {
          actor: { kind: 'user', objectId: administrator.objectId, userPrincipalName: administrator.upn },
          touched: [
            { name: 'properties.azureFilesIdentityBasedAuthentication.directoryServiceOptions', before: 'AADKERB' },
          ],
        },
      ],
    });
    expect(await log.ofDirectory(['application-files11'], morning)).toMatchObject({
      records: [{ operation: 'Delete application', actor: { kind: 'application' } }],
    });
  });

  it.each([
    ['by the object id of its principal', [{ id: 'provider-principal', appId: storageProvider }], 'provider-principal'],
    ['by its app id where the tenant has no principal of it', [], storageProvider],
  ])('name the storage provider %s', async (_, principals, objectId) => {
    const tenant = smallTenant();
    for (const one of principals) put(tenant, 'service-principals', { displayName: 'Provider', ...one });
    const started = await startedAzure(tenant, { resourceGraph: 10, graph: 2, arm: 10 });
    const body = { properties: { azureFilesIdentityBasedAuthentication: { directoryServiceOptions: 'None' } } };
    await started.call('PATCH', `${accountPath('files11')}?api-version=2025-08-01`, body, asAdministrator);

    expect(await changeLogOf(started).ofDirectory(['application-files11'], morning)).toMatchObject({
      records: [{ actor: { kind: 'application', objectId } }],
    });
  });
});
