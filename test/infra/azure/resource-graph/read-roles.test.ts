import { describe, expect, it } from 'vitest';
import { known, unavailable } from '../../../../domain/model/collection.ts';
import { readRoleAssignments, readRoleDefinitions } from '../../../../infra/azure/resource-graph/read-roles.ts';
import type { AskedQuery } from './reader-for-test.ts';
import { readerForTest } from './reader-for-test.ts';

const visible = { ids: ['s1'], gaps: [] };
const custom = 'cccccccc-0000-4000-8000-00000000000a';
const answer = (data: readonly object[], more: object = {}) => ({
  body: { totalRecords: data.length, count: data.length, resultTruncated: 'false', data, facets: [], ...more },
});
const forbidden = { status: 403, body: { error: { code: 'AccessDenied', message: 'no' } } };
const rows = (...ids: string[]) => ids.map((id) => ({ id }));
const isFiltered = ({ query }: AskedQuery) => query.includes('has_any');

describe('readRoleDefinitions', () => {
  it('reads both pages, what is given above the subscriptions too', async () => {
    const { reader, seen } = readerForTest(({ options }) =>
      options['$skipToken'] === '2'
        ? answer(rows('/b'), { totalRecords: 2 })
        : answer(rows('/a'), { totalRecords: 2, $skipToken: '2' }),
    );

    expect(await readRoleDefinitions(reader, visible)).toEqual(known(rows('/a', '/b')));
    expect(seen.map(({ body }) => (body as AskedQuery).options['authorizationScopeFilter'])).toEqual([
      'AtScopeAboveAndBelow',
      'AtScopeAboveAndBelow',
    ]);
  });

  it('takes no definition at all for a missing right: the built-in ones are everywhere', async () => {
    const { reader } = readerForTest(() => answer([]));

    expect(await readRoleDefinitions(reader, visible)).toEqual(
      unavailable({
        collection: 'role-definitions',
        scope: 'tenant',
        reason: 'not-visible',
        needs: 'Microsoft.Authorization/roleDefinitions/read',
      }),
    );
  });

  it('keeps once what comes with two portions of subscriptions', async () => {
    const ids = Array.from({ length: 301 }, (_, index) => `s${String(index)}`);
    const { reader, seen } = readerForTest(() => answer(rows('/shared')));

    expect(await readRoleDefinitions(reader, { ids, gaps: [] })).toEqual(known(rows('/shared')));
    expect(seen).toHaveLength(2);
  });
});

describe('readRoleAssignments', () => {
  const definitions = known([
    {
      id: `/providers/Microsoft.Authorization/RoleDefinitions/${custom}`,
      properties: { permissions: [{ dataActions: ['Microsoft.Storage/storageAccounts/fileServices/*'] }] },
    },
  ]);

  it('asks for the roles that may give rights on shares, custom ones too', async () => {
    const { reader, seen } = readerForTest(() => answer(rows('/assignment')));

    expect(await readRoleAssignments(reader, visible, definitions)).toEqual(known(rows('/assignment')));
    const [{ body } = { body: null }] = seen;
    const { query, options, subscriptions } = body as AskedQuery;
    expect(query).toContain(`'${custom}'`);
    expect(query).toContain("'aba4ae5f-2193-4029-9191-0cb91df5e314'");
    expect([options['authorizationScopeFilter'], subscriptions]).toEqual(['AtScopeAboveAndBelow', ['s1']]);
  });

  it('asks for the built-in ones where definitions could not be read', async () => {
    const { reader, seen } = readerForTest(() => answer(rows('/assignment')));

    await readRoleAssignments(reader, visible, unavailable());

    expect((seen[0]?.body as AskedQuery).query.match(/'[\da-f-]{36}'/gu)).toHaveLength(3);
  });

  it('knows that there is none where other assignments are seen', async () => {
    const { reader, seen } = readerForTest((asked) => (isFiltered(asked) ? answer([]) : answer(rows('/my-own'))));

    expect(await readRoleAssignments(reader, visible, definitions)).toEqual(known([]));
    expect(seen).toHaveLength(2);
  });

  it('takes no assignment at all for a missing right: the caller has one itself', async () => {
    const { reader } = readerForTest(() => answer([]));

    expect(await readRoleAssignments(reader, visible, definitions)).toEqual(
      unavailable({
        collection: 'role-assignments',
        scope: 'tenant',
        reason: 'not-visible',
        needs: 'Microsoft.Authorization/roleAssignments/read',
      }),
    );
  });

  it('does not take an answer for empty where looking for others failed', async () => {
    const { reader } = readerForTest((asked) => (isFiltered(asked) ? answer([]) : forbidden));

    expect(await readRoleAssignments(reader, visible, definitions)).toMatchObject({
      state: 'unavailable',
      gaps: [{ collection: 'role-assignments', reason: 'forbidden' }],
    });
  });

  it('names the right for each subscription where the query is refused', async () => {
    const { reader, seen } = readerForTest(() => forbidden);

    expect(await readRoleAssignments(reader, visible, definitions)).toEqual(
      unavailable({
        collection: 'role-assignments',
        scope: '/subscriptions/s1',
        reason: 'forbidden',
        needs: 'Microsoft.Authorization/roleAssignments/read',
      }),
    );
    expect(seen).toHaveLength(1);
  });

  it('asks nothing in a scope without subscriptions', async () => {
    const { reader, seen } = readerForTest(() => answer([]));

    expect(await readRoleAssignments(reader, { ids: [], gaps: [] }, definitions)).toEqual(known([]));
    expect(seen).toEqual([]);
  });
});
