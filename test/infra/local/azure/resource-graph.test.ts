import { describe, expect, it } from 'vitest';
import type { LocalTenant } from '../../../../infra/local/azure/local-tenant.ts';
import { workload } from '../../../../infra/local/azure/server.ts';
import {
  accountPath,
  administratorToken,
  closedSubscription,
  errorIn,
  listIn,
  openSubscription,
  put,
  secondSubscription,
  smallTenant,
  startedAzure,
  type StartedAzure,
} from './started-azure.ts';

const path = '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01';
const accounts = `resources
| where type =~ 'microsoft.storage/storageaccounts'
| project id, name, type, resourceGroup, subscriptionId, tenantId, kind, properties
| order by id asc`;

async function ask(started: StartedAzure, body: object): ReturnType<StartedAzure['call']> {
  return started.call('POST', path, body);
}

describe('Resource Graph', () => {
  it('answers rows with lower-case type and resource group, and leaves unreadable subscriptions out in silence', async () => {
    const started = await startedAzure();

    const answer = await ask(started, { query: accounts });

    const rows = listIn(answer, 'data');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ totalRecords: 6, count: 6, resultTruncated: 'false', facets: [] });
    expect(answer.body).not.toHaveProperty('$skipToken');
    expect(rows[0]).toMatchObject({
      id: accountPath('files11'),
      type: 'microsoft.storage/storageaccounts',
      resourceGroup: 'rg-files',
    });
    expect(rows.some((row) => row['subscriptionId'] === closedSubscription)).toBe(false);
    expect(answer.headers.get('x-ms-user-quota-remaining')).toMatch(/^\d+$/);
    expect(answer.headers.get('x-ms-user-quota-resets-after')).toBe('00:00:05');
  });

  it('pages by $skipToken until every row was given once', async () => {
    const started = await startedAzure(undefined, { resourceGraph: 4, graph: 10, arm: 10 });
    const names: unknown[] = [];
    const counts: unknown[] = [];
    let token: unknown;
    do {
      const answer = await ask(started, { query: accounts, options: { $top: 1000, $skipToken: token } });
      names.push(...listIn(answer, 'data').map((row) => row['name']));
      counts.push(answer.body['count']);
      token = answer.body['$skipToken'];
    } while (token !== undefined);

    expect(counts).toEqual([4, 2]);
    expect(new Set(names).size).toBe(6);
    expect(started.azure.requests.resourceGraph).toBe(2);
  });

  it('honours $top below the page size and refuses one over 1,000', async () => {
    const started = await startedAzure();

    expect((await ask(started, { query: accounts, options: { $top: 2 } })).body['count']).toBe(2);
    expect((await ask(started, { query: accounts, options: { $top: 1001 } })).status).toBe(400);
  });

  it('cuts an answer of dynamic columns off with truncated "true" and no token', async () => {
    const started = await startedAzure();

    const answer = await ask(started, { query: 'resources | project properties', options: { $top: 2 } });

    expect(answer.body).toMatchObject({ totalRecords: 6, count: 2, resultTruncated: 'true' });
    expect(answer.body).not.toHaveProperty('$skipToken');
  });

  it('looks only where the request says: subscriptions without case, or below a management group', async () => {
    const started = await startedAzure();
    const countFor = async (scope: object): Promise<unknown> =>
      (await ask(started, { query: accounts, ...scope })).body['totalRecords'];

    expect(await countFor({ subscriptions: [openSubscription.toLowerCase(), closedSubscription] })).toBe(3);
    expect(await countFor({ managementGroups: ['corp'] })).toBe(3);
    expect(await countFor({ managementGroups: ['ROOT'] })).toBe(6);
  });

  it('answers 403 where none of the scope can be read', async () => {
    const started = await startedAzure();

    const closed = await ask(started, { query: accounts, subscriptions: [closedSubscription] });
    const unknown = await ask(started, { query: accounts, managementGroups: ['elsewhere'] });

    expect([closed.status, unknown.status]).toEqual([403, 403]);
  });

  it('tells which subscriptions it sees, with the management groups above them', async () => {
    const started = await startedAzure();
    const query = `resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | project id, name, subscriptionId, properties | order by id asc`;

    const rows = listIn(await ask(started, { query, managementGroups: ['root'] }), 'data');

    expect(rows.map((row) => row['name'])).toEqual(['Open', 'Second']);
    expect(rows[0]).toMatchObject({
      subscriptionId: openSubscription.toLowerCase(),
      properties: {
        managementGroupAncestorsChain: [
          { name: 'corp', displayName: 'Corp' },
          { name: 'root', displayName: 'Root' },
        ],
      },
    });
  });

  it('keeps a change row for what was changed through ARM, naming who did it', async () => {
    const started = await startedAzure();
    const id = accountPath('files12');
    const patch = { properties: { allowSharedKeyAccess: false } };
    await started.call('PATCH', `${id}?api-version=2025-08-01`, patch, {
      authorization: `Bearer ${administratorToken}`,
    });
    const query = `resourcechanges | where properties.targetResourceId =~ '${id.toLowerCase()}' | project id, subscriptionId, properties | order by id asc`;

    const rows = listIn(await ask(started, { query, subscriptions: [openSubscription] }), 'data');
    const elsewhere = await ask(started, { query, subscriptions: [secondSubscription] });

    expect(rows).toHaveLength(1);
    expect(rows[0]?.['properties']).toMatchObject({
      changeType: 'Update',
      changes: { 'properties.allowSharedKeyAccess': { previousValue: 'null', newValue: 'false' } },
      changeAttributes: {
        changedBy: 'adele@contoso.com',
        changedByType: 'User',
        correlationId: started.events[0]?.data.correlationId,
      },
    });
    expect(elsewhere.body['totalRecords']).toBe(0);
  });

  it('names an application in a change row by its object id, as the events do', async () => {
    const started = await startedAzure();
    const id = accountPath('files12');
    await started.call('PATCH', `${id}?api-version=2025-08-01`, { properties: { allowSharedKeyAccess: false } });
    const query = `resourcechanges | where properties.targetResourceId =~ '${id.toLowerCase()}' | project id, subscriptionId, properties | order by id asc`;
    const [row] = listIn(await ask(started, { query, subscriptions: [openSubscription] }), 'data');

    expect(row?.['properties']).toMatchObject({
      changeAttributes: { changedBy: workload.objectId, changedByType: 'Application' },
    });
    expect(started.events[0]?.data.claims).toMatchObject({
      'http://schemas.microsoft.com/identity/claims/objectidentifier': workload.objectId,
    });
  });

  describe('role assignments', () => {
    const assignments = `authorizationresources
| where type =~ 'microsoft.authorization/roleassignments' and properties.roleDefinitionId has_any ('aaaa', 'bbbb')
| project id, name, type, subscriptionId, properties
| order by id asc`;
    const provider = '/providers/Microsoft.Authorization/roleAssignments';
    const group = '/providers/Microsoft.Management/managementGroups';

    /** One at an account of each subscription, one at each management group, one at the top. */
    function tenantWithRoles(): LocalTenant {
      const tenant = smallTenant();
      const scopes = [
        accountPath('files11'),
        accountPath('files21', secondSubscription),
        accountPath('files31', closedSubscription),
        `${group}/corp`,
        `${group}/elsewhere`,
        '',
      ];
      for (const [index, scope] of scopes.entries()) {
        put(tenant, 'role-assignments', {
          id: `${scope}${provider}/${String(index)}`,
          name: String(index),
          type: 'Microsoft.Authorization/RoleAssignments',
          properties: { scope, roleDefinitionId: `/providers/Microsoft.Authorization/RoleDefinitions/AAAA` },
        });
      }
      put(tenant, 'role-assignments', {
        id: `${accountPath('files11')}${provider}/other`,
        name: 'other',
        type: 'Microsoft.Authorization/RoleAssignments',
        properties: { roleDefinitionId: '/providers/Microsoft.Authorization/RoleDefinitions/cccc' },
      });
      return tenant;
    }

    it.each([
      [undefined, [openSubscription], ['0']],
      ['AtScopeAndBelow', [openSubscription, secondSubscription], ['0', '1']],
      ['AtScopeAboveAndBelow', [openSubscription], ['0', '3', '5']],
      ['AtScopeAboveAndBelow', [secondSubscription], ['1', '5']],
    ])('with authorizationScopeFilter %s are those of the roles asked for, in scope', async (filter, scope, names) => {
      const started = await startedAzure(tenantWithRoles());

      const answer = await ask(started, {
        query: assignments,
        subscriptions: scope,
        options: { authorizationScopeFilter: filter },
      });

      expect(
        listIn(answer, 'data')
          .map(({ name }) => name)
          .sort(),
      ).toEqual(names);
    });

    it('are left out in silence for who may not read them', async () => {
      const started = await startedAzure(tenantWithRoles());
      started.azure.faults.forbid('role-assignments');

      const answer = await ask(started, { query: assignments });

      expect([answer.status, answer.body['totalRecords']]).toEqual([200, 0]);
    });

    it('are refused with a scope filter that is not evaluated', async () => {
      const started = await startedAzure(tenantWithRoles());

      const options = { authorizationScopeFilter: 'AtScopeExact' };

      expect((await ask(started, { query: assignments, options })).status).toBe(400);
    });
  });

  it('refuses what it does not evaluate by name, as an invalid query', async () => {
    const started = await startedAzure();

    const answer = await ask(started, { query: 'resources | summarize count()' });

    expect(answer.status).toBe(400);
    expect(errorIn(answer)).toMatchObject({ code: 'BadRequest' });
    expect(errorIn(answer).message).toContain("'summarize'");
  });

  it('refuses a request without an api-version, without a query, or with a token of another query', async () => {
    const started = await startedAzure();
    const first = await ask(started, { query: accounts, options: { $top: 2 } });

    const noVersion = await started.call('POST', '/providers/Microsoft.ResourceGraph/resources', { query: accounts });
    const noQuery = await ask(started, {});
    const otherQuery = await ask(started, {
      query: 'resources | project id',
      options: { $skipToken: first.body['$skipToken'] },
    });

    expect([noVersion.status, noQuery.status, otherQuery.status]).toEqual([400, 400, 400]);
    expect(errorIn(noVersion).code).toBe('MissingApiVersionParameter');
  });
});
