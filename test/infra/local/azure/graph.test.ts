import { describe, expect, it } from 'vitest';
import { valueAt, type WireObject } from '../../../../infra/local/azure/wire-object.ts';
import { errorIn, graphPrincipalId, listIn, put, smallTenant, startedAzure, tenantId } from './started-azure.ts';

const policies = '/v1.0/identity/conditionalAccess/policies';
const grants = '/v1.0/oauth2PermissionGrants';

function policy(id: string, parts: WireObject = {}): WireObject {
  return {
    id,
    displayName: id,
    state: 'enabled',
    createdDateTime: '2026-01-01T00:00:00Z',
    modifiedDateTime: null,
    conditions: {
      applications: { includeApplications: ['All'], excludeApplications: ['app-files11'] },
      users: { includeUsers: ['All'] },
    },
    grantControls: { operator: 'OR', builtInControls: ['mfa'] },
    ...parts,
  };
}

function filtered(path: string, filter: string): string {
  return `${path}?$filter=${encodeURIComponent(filter)}`;
}

describe('lists', () => {
  it('pages by @odata.nextLink on its own origin, keeping $select', async () => {
    const { call, azure } = await startedAzure(undefined, { resourceGraph: 10, graph: 2, arm: 10 });
    const names: unknown[] = [];
    let next: unknown = '/v1.0/servicePrincipals?$select=id,displayName&$top=999';
    let pages = 0;
    while (typeof next === 'string') {
      const answer = await call('GET', next);
      names.push(...listIn(answer).map((object) => object['displayName']));
      expect(
        listIn(answer).every((object) => Object.keys(object).every((key) => key === 'id' || key === 'displayName')),
      ).toBe(true);
      next = answer.body['@odata.nextLink'];
      if (typeof next === 'string') expect(new URL(next).origin).toBe(azure.origin);
      pages += 1;
    }

    expect(pages).toBe(2);
    expect(names).toHaveLength(4);
    expect(new Set(names).size).toBe(4);
  });

  it.each([
    ['/v1.0/applications', `startswith(displayName,'[storage account] FILES1')`, 1],
    ['/v1.0/applications', `displayName eq '[Storage Account] files21.file.core.windows.net'`, 1],
    ['/v1.0/applications', `identifierUris/any(u:u eq 'api://${tenantId}/cifs/files11.file.core.windows.net')`, 1],
    ['/v1.0/servicePrincipals', `servicePrincipalNames/any(n:n eq 'CIFS/files31.file.core.windows.net')`, 1],
    ['/v1.0/servicePrincipals', 'accountEnabled eq true', 3],
    [grants, `clientId eq 'principal-files11'`, 1],
    [grants, `clientId eq 'nobody'`, 0],
  ])('filters %s by %s', async (path, filter, found) => {
    const { call } = await startedAzure();

    const answer = await call('GET', filtered(path, filter) + '&$count=true');

    expect(listIn(answer)).toHaveLength(found);
    expect(answer.body['@odata.count']).toBe(found);
  });

  it('reads doubled quotes in a filter as one', async () => {
    const tenant = smallTenant();
    put(tenant, 'applications', { id: 'quoted', displayName: "O'Brien's app" });
    const { call } = await startedAzure(tenant);

    const answer = await call('GET', filtered('/v1.0/applications', `displayName eq 'O''Brien''s app'`));

    expect(listIn(answer).map((object) => object['id'])).toEqual(['quoted']);
  });

  it.each([
    filtered('/v1.0/applications', `endswith(displayName,'x')`),
    filtered('/v1.0/applications', `displayName eq 'a' and appId eq 'b'`),
    filtered('/v1.0/applications', `tags/any(t:t eq 'x')`),
    '/v1.0/applications?$orderby=displayName',
    '/v1.0/applications?$top=1000',
    '/v1.0/applications?$skiptoken=made-up',
  ])('refuses %s with 400', async (path) => {
    const { call } = await startedAzure();

    const answer = await call('GET', path);

    expect(answer.status).toBe(400);
    expect(valueAt(answer.body, ['error', 'innerError', 'date'])).toBe('2026-11-21T10:00:00');
  });

  it('answers 403 for a collection that the tenant keeps closed', async () => {
    const tenant = smallTenant();
    tenant.forbidden.add('conditional-access-policies');
    const { call } = await startedAzure(tenant);

    const answer = await call('GET', policies);

    expect(answer.status).toBe(403);
    expect(errorIn(answer).code).toBe('Authorization_RequestDenied');
  });
});

describe('what is only there when asked for', () => {
  const attributes = { Engineering: { '@odata.type': '#x', Project: 'files' } };
  const owner = { '@odata.type': '#microsoft.graph.user', id: 'adele', displayName: 'Adele' };

  function tenantWithOwner() {
    const tenant = smallTenant();
    const application = tenant.collections.get('applications')?.get('application-files11') ?? {};
    application['owners'] = [owner];
    const principal = tenant.collections.get('service-principals')?.get('principal-files11') ?? {};
    principal['customSecurityAttributes'] = attributes;
    return tenant;
  }

  it('leaves owners and security attributes out of a list that does not ask for them', async () => {
    const { call } = await startedAzure(tenantWithOwner());

    const all = [
      ...listIn(await call('GET', '/v1.0/applications')),
      ...listIn(await call('GET', '/v1.0/applications?$select=id,owners')),
      ...listIn(await call('GET', '/v1.0/servicePrincipals?$select=id')),
      ...listIn(await call('GET', '/v1.0/servicePrincipals')),
    ];

    expect(all.length).toBeGreaterThan(8);
    expect(all.filter((object) => 'owners' in object || 'customSecurityAttributes' in object)).toEqual([]);
  });

  it('expands owners, on every page, cut down to what is selected of them', async () => {
    const { call } = await startedAzure(tenantWithOwner(), { resourceGraph: 10, graph: 2, arm: 10 });

    const first = await call('GET', '/v1.0/applications?$select=id&$top=999&$expand=owners($select=id)');
    const second = await call('GET', String(first.body['@odata.nextLink']));

    expect([...listIn(first), ...listIn(second)]).toEqual([
      { id: 'application-files11', owners: [{ '@odata.type': '#microsoft.graph.user', id: 'adele' }] },
      { id: 'application-files21', owners: [] },
      { id: 'application-files31', owners: [] },
    ]);
  });

  it('expands whole owners, 20 at most, and nothing else', async () => {
    const tenant = tenantWithOwner();
    const application = tenant.collections.get('applications')?.get('application-files11') ?? {};
    application['owners'] = Array.from({ length: 25 }, () => owner);
    const { call } = await startedAzure(tenant);

    const answer = await call('GET', '/v1.0/applications/application-files11?$expand=owners');

    expect(answer.body['owners']).toEqual(Array.from({ length: 20 }, () => owner));
    expect((await call('GET', '/v1.0/applications?$expand=extensionProperties')).status).toBe(400);
  });

  it('shows selected security attributes, and null to who may not see them', async () => {
    const { call, azure } = await startedAzure(tenantWithOwner());
    const path = '/v1.0/servicePrincipals/principal-files11?$select=id,customSecurityAttributes';

    const seen = await call('GET', path);
    azure.faults.forbid('custom-security-attributes');
    const unseen = await call('GET', path);

    expect(seen.body['customSecurityAttributes']).toEqual(attributes);
    expect([unseen.status, unseen.body['customSecurityAttributes']]).toEqual([200, null]);
  });
});

describe('single objects', () => {
  it('finds an object by id, and a principal by appId', async () => {
    const { call } = await startedAzure();

    const byId = await call('GET', '/v1.0/applications/APPLICATION-files11?$select=appId');
    const byAppId = await call('GET', "/v1.0/servicePrincipals(appId='app-files11')");
    const missing = await call('GET', "/v1.0/servicePrincipals(appId='none')");

    expect(byId.body).toMatchObject({ appId: 'app-files11' });
    expect(byId.body).not.toHaveProperty('displayName');
    expect(byAppId.body['id']).toBe('principal-files11');
    expect(missing.status).toBe(404);
    expect(errorIn(missing).code).toBe('Request_ResourceNotFound');
  });

  it('shows and changes security defaults', async () => {
    const tenant = smallTenant();
    put(tenant, 'security-defaults', { id: 'defaults', isEnabled: false });
    const { call } = await startedAzure(tenant);
    const path = '/v1.0/policies/identitySecurityDefaultsEnforcementPolicy';

    await call('PATCH', path, { isEnabled: true });

    expect((await call('GET', path)).body).toMatchObject({ id: 'defaults', isEnabled: true });
    expect((await call('GET', '/v1.0/policies/defaultAppManagementPolicy')).status).toBe(404);
  });

  it('replaces the identifier URIs of an application and copies them to its principal', async () => {
    const { call } = await startedAzure();

    const answer = await call('PATCH', '/v1.0/applications/application-files11', { identifierUris: ['CIFS/new'] });

    expect(answer.status).toBe(204);
    expect((await call('GET', '/v1.0/applications/application-files11')).body['identifierUris']).toEqual(['CIFS/new']);
    const principal = await call('GET', '/v1.0/servicePrincipals/principal-files11');
    expect(principal.body['servicePrincipalNames']).toEqual(['app-files11', 'CIFS/new']);
  });

  it('refuses the same URI in two spellings, and a change of what is read-only', async () => {
    const { call } = await startedAzure();
    const path = '/v1.0/applications/application-files11';

    const twins = await call('PATCH', path, { identifierUris: ['CIFS/a', 'cifs/A'] });
    const appId = await call('PATCH', path, { appId: 'other' });

    expect(errorIn(twins).message).toContain('DuplicateValueInDifferentCase');
    expect(appId.status).toBe(400);
  });

  it.each([
    ['/v1.0/applications/application-files11', { tags: 'HideApp' }, 'list of strings'],
    ['/v1.0/applications/application-files11', { identifierUris: [1] }, 'list of strings'],
    [
      '/v1.0/applications/application-files11',
      { identifierUris: ['cifs/FILES21.file.core.windows.net'] },
      'already exists',
    ],
    ['/v1.0/servicePrincipals/principal-files11', { appRoleAssignmentRequired: 'no' }, 'boolean'],
  ])('refuses %s with %j', async (path, body, why) => {
    const { call } = await startedAzure();
    const before = (await call('GET', path)).body;

    const answer = await call('PATCH', path, body);

    expect(answer.status).toBe(400);
    expect(errorIn(answer)).toEqual({ code: 'Request_BadRequest', message: expect.stringContaining(why) as string });
    expect((await call('GET', path)).body).toEqual(before);
  });

  it('takes new names only with the tenant or the app in them, where the tenant restricts them', async () => {
    const tenant = smallTenant();
    const restriction = { uriAdditionWithoutUniqueTenantIdentifier: { state: 'enabled' } };
    const restricted = { id: 'default', applicationRestrictions: { identifierUris: restriction } };
    put(tenant, 'default-app-management-policy', restricted);
    const { call } = await startedAzure(tenant);
    const path = '/v1.0/applications/application-files11';
    const old = (await call('GET', path)).body['identifierUris'] as readonly string[];

    const bare = await call('PATCH', path, { identifierUris: [...old, 'CIFS/new'] });
    const named = await call('PATCH', path, { identifierUris: [...old, `api://${tenantId}/CIFS/new`] });

    expect([bare.status, named.status]).toEqual([400, 204]);
    expect(errorIn(bare).message).toContain('tenant verified domain, tenant ID, or app ID');
  });

  it('deletes an application with its principal and consent', async () => {
    const { call } = await startedAzure();

    expect((await call('DELETE', '/v1.0/applications/application-files11')).status).toBe(204);

    expect((await call('GET', '/v1.0/servicePrincipals/principal-files11')).status).toBe(404);
    expect((await call('GET', `${grants}/grant-files11`)).status).toBe(404);
    expect((await call('GET', `${grants}/grant-files21`)).status).toBe(200);
  });

  it('lists a deleted application among those that can be restored, for who may read applications', async () => {
    const { call } = await startedAzure();
    const deleted = '/v1.0/directory/deletedItems/microsoft.graph.application?$select=id,appId&$top=999';
    expect((await call('GET', deleted)).body['value']).toEqual([]);

    await call('DELETE', '/v1.0/applications/application-files11');

    expect((await call('GET', deleted)).body['value']).toEqual([{ id: 'application-files11', appId: 'app-files11' }]);
  });
});

describe('consent', () => {
  const body = {
    clientId: 'principal-files11',
    consentType: 'AllPrincipals',
    resourceId: graphPrincipalId,
    scope: 'openid profile User.Read',
  };

  it('is granted once: a second grant of the same kind is 409', async () => {
    const { call } = await startedAzure();
    await call('DELETE', `${grants}/grant-files11`);

    const first = await call('POST', grants, body);
    const second = await call('POST', grants, { ...body, scope: 'openid' });

    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ ...body, principalId: null });
    expect((await call('GET', `${grants}/${String(first.body['id'])}`)).body['scope']).toBe(body.scope);
    expect(second.status).toBe(409);
    expect(errorIn(second)).toEqual({
      code: 'Request_MultipleObjectsWithSameKeyValue',
      message: 'Permission entry already exists.',
    });
  });

  it('has its scopes replaced by PATCH', async () => {
    const { call } = await startedAzure();

    const answer = await call('PATCH', `${grants}/grant-files11`, { scope: 'openid' });

    expect(answer.status).toBe(204);
    expect((await call('GET', `${grants}/grant-files11`)).body['scope']).toBe('openid');
    expect((await call('PATCH', `${grants}/grant-files11`, { clientId: 'x', scope: 'y' })).status).toBe(400);
  });

  it.each([
    [{ ...body, clientId: 'nobody' }, 404],
    [{ ...body, consentType: 'Everyone' }, 400],
    [{ ...body, consentType: 'Principal' }, 400],
    [{ ...body, scope: undefined }, 400],
  ])('is refused for %j', async (wrong, status) => {
    const { call } = await startedAzure();

    expect((await call('POST', grants, wrong)).status).toBe(status);
  });
});

describe('Conditional Access', () => {
  it('replaces the lists that PATCH sends, keeps the rest, and moves modifiedDateTime', async () => {
    const tenant = smallTenant();
    put(tenant, 'conditional-access-policies', policy('p1'));
    const { call } = await startedAzure(tenant);
    const patch = { conditions: { applications: { excludeApplications: ['app-files21'] } } };

    const answer = await call('PATCH', `${policies}/p1`, patch);

    const stored = (await call('GET', `${policies}/p1`)).body;
    expect(answer.status).toBe(204);
    expect(stored['modifiedDateTime']).toBe('2026-11-21T10:00:00.123Z');
    expect(stored['conditions']).toEqual({
      applications: { includeApplications: ['All'], excludeApplications: ['app-files21'] },
      users: { includeUsers: ['All'] },
    });
  });

  it('creates a policy with an id of its own, and deletes it', async () => {
    const { call } = await startedAzure();
    const { id, ...body } = policy('ignored');

    const made = await call('POST', policies, body);
    const path = `${policies}/${String(made.body['id'])}`;

    expect(made.status).toBe(201);
    expect(made.body['id']).not.toBe(id);
    expect(listIn(await call('GET', policies))).toHaveLength(1);
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('DELETE', path)).status).toBe(404);
  });

  it('refuses apps that are no list of strings', async () => {
    const tenant = smallTenant();
    put(tenant, 'conditional-access-policies', policy('p1'));
    const { call } = await startedAzure(tenant);
    const patch = { conditions: { applications: { excludeApplications: 'app-files21' } } };

    expect((await call('PATCH', `${policies}/p1`, patch)).status).toBe(400);
  });

  it('refuses a policy without its parts, or in a state there is not', async () => {
    const { call } = await startedAzure();

    expect((await call('POST', policies, { displayName: 'x', state: 'enabled' })).status).toBe(400);
    expect((await call('POST', policies, policy('x', { state: 'on' }))).status).toBe(400);
  });
});
