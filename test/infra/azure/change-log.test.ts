import { describe, expect, it } from 'vitest';
import { createChangeLog } from '../../../infra/azure/change-log.ts';
import type { ChangeLog } from '../../../domain/audit/drift-ports.ts';
import { graphServer, type GraphAsked, type GraphReply } from './graph-server.ts';
import { channelForTest } from './graph/channel-for-test.ts';
import { page, readerForTest, type AskedQuery } from './resource-graph/reader-for-test.ts';

const account = '/subscriptions/aaaa/resourcegroups/rg/providers/microsoft.storage/storageaccounts/profiles';
const source = 'properties.azureFilesIdentityBasedAuthentication.directoryServiceOptions';
const objectId = '0a000000-0000-4000-8000-000000000001';
const appId = '0b000000-0000-4000-8000-000000000002';
const since = Date.parse('2026-11-21T09:00:00Z');

function changeRow(
  attributes: object = {},
  changes: object = { [source]: { previousValue: 'null', newValue: 'AADKERB' } },
) {
  const changeAttributes = {
    timestamp: '2026-11-21T10:00:00.1234567Z',
    correlationId: 'c-1',
    changedBy: 'adele@contoso.com',
    changedByType: 'User',
    clientType: 'Azure Portal',
    operation: 'Microsoft.Storage/storageAccounts/write',
    ...attributes,
  };
  return {
    id: `${account}/providers/Microsoft.Resources/changes/1`,
    properties: { targetResourceId: account, changeType: 'Update', changes, changeAttributes },
  };
}

function auditRecord(id: string, over: object = {}) {
  return {
    id,
    activityDateTime: '2026-11-21T10:00:00.7654321Z',
    activityDisplayName: 'Update conditional access policy',
    correlationId: `c-${id}`,
    result: 'success',
    initiatedBy: {
      user: { id: objectId.toUpperCase(), userPrincipalName: 'adele@contoso.com', ipAddress: '203.0.113.7' },
      app: null,
    },
    targetResources: [
      {
        id: 'policy-1',
        displayName: 'Require MFA',
        modifiedProperties: [{ displayName: 'x', oldValue: '"a"', newValue: '"b"' }],
      },
    ],
    ...over,
  };
}

interface Started {
  readonly log: ChangeLog;
  readonly asked: readonly GraphAsked[];
  readonly queries: AskedQuery[];
  readonly waited: number[];
}

async function started({
  rows = [],
  graph = () => ({ status: 404 }),
  paced = false,
}: {
  readonly rows?: readonly unknown[];
  readonly graph?: (asked: GraphAsked, origin: string) => GraphReply;
  readonly paced?: boolean;
}): Promise<Started> {
  const { origin, seen } = await graphServer(graph);
  const queries: AskedQuery[] = [];
  const { reader } = readerForTest((asked) => {
    queries.push(asked);
    return page(rows, rows.length);
  });
  const waited: number[] = [];
  let clock = 0;
  const sleep = (milliseconds: number): Promise<void> => {
    waited.push(milliseconds);
    clock += milliseconds;
    return Promise.resolve();
  };
  const log = createChangeLog({ rows: reader, graph: channelForTest(origin).graph, paced, sleep, now: () => clock });
  return { log, asked: seen, queries, waited };
}

async function actorIn(attributes: object, graph?: () => GraphReply): Promise<unknown> {
  const { log } = await started({ rows: [changeRow(attributes)], ...(graph === undefined ? {} : { graph }) });
  const reading = await log.ofResource(account, since);
  return reading.state === 'read' ? reading.records[0]?.actor : reading;
}

describe('Changes that Resource Graph recorded', () => {
  it('are asked for by resource in its own subscription, and read with seven digits of a second', async () => {
    const { log, queries } = await started({ rows: [changeRow()], graph: () => ({ body: { id: objectId } }) });

    expect(await log.ofResource(account, since)).toEqual({
      state: 'read',
      records: [
        {
          at: Date.parse('2026-11-21T10:00:00.123Z'),
          actor: { kind: 'user', objectId, userPrincipalName: 'adele@contoso.com' },
          correlationId: 'c-1',
          operation: 'Microsoft.Storage/storageAccounts/write',
          source: 'resource-changes',
          touched: [{ name: source, before: 'null' }],
        },
      ],
    });
    expect(queries[0]?.query).toContain(`properties.targetResourceId =~ '${account}'`);
    expect(queries[0]?.subscriptions).toEqual(['aaaa']);
  });

  it('leave out what is older than asked for', async () => {
    const { log } = await started({ rows: [changeRow({ timestamp: '2026-11-21T08:59:59.9999999Z' })] });

    expect(await log.ofResource(account, since)).toEqual({ state: 'read', records: [] });
  });

  it('touch nothing where something was made or deleted', async () => {
    const { log } = await started({ rows: [changeRow({}, {})] });

    expect(await log.ofResource(account, since)).toMatchObject({ records: [{ touched: [] }] });
  });

  it.each([
    [{ changedBy: objectId.toUpperCase() }, { kind: 'user', objectId, userPrincipalName: null }],
    [
      { changedBy: appId, changedByType: 'Application' },
      { kind: 'application', objectId: appId, userPrincipalName: null },
    ],
    [
      { changedBy: 'System', changedByType: 'System' },
      { kind: 'system', objectId: null, userPrincipalName: null },
    ],
    [
      { changedBy: 'Unknown', changedByType: 'Unknown' },
      { kind: 'unknown', objectId: null, userPrincipalName: null },
    ],
    [{ changedBy: 'Unknown' }, { kind: 'unknown', objectId: null, userPrincipalName: null }],
    [
      { changedBy: null, changedByType: null },
      { kind: 'unknown', objectId: null, userPrincipalName: null },
    ],
    [
      { changedBy: 'x', changedByType: 'Robot' },
      { kind: 'unknown', objectId: null, userPrincipalName: null },
    ],
  ])('name who made them: %j', async (attributes, actor) => {
    expect(await actorIn(attributes)).toEqual(actor);
  });

  it('name a person without an object id where the directory does not tell it', async () => {
    expect(await actorIn({}, () => ({ status: 403 }))).toEqual({
      kind: 'user',
      objectId: null,
      userPrincipalName: 'adele@contoso.com',
    });
  });

  it('are unreadable where one of them is', async () => {
    const { log } = await started({ rows: [changeRow(), { ...changeRow({ timestamp: 'yesterday' }), id: 'another' }] });

    expect(await log.ofResource(account, since)).toMatchObject({ state: 'unreadable', reason: 'malformed' });
  });
});

describe('Changes that Entra recorded', () => {
  const two = (asked: GraphAsked, origin: string): GraphReply =>
    asked.url.includes('skiptoken')
      ? { body: { value: [auditRecord('second')] } }
      : { body: { value: [auditRecord('first')], '@odata.nextLink': `${origin}${asked.url}&$skiptoken=2` } };

  it('are asked for by object and time, page by page', async () => {
    const { log, asked } = await started({ graph: two });
    const reading = await log.ofDirectory(['policy-1'], since);

    const filter = `activityDateTime ge 2026-11-21T09:00:00.000Z and targetResources/any(t:t/id eq 'policy-1')`;
    expect(new URL(asked[0]?.url ?? '', 'http://graph').searchParams.get('$filter')).toBe(filter);
    expect(asked).toHaveLength(2);
    expect(reading).toMatchObject({
      state: 'read',
      records: [{ correlationId: 'c-first' }, { correlationId: 'c-second' }],
    });
    expect(reading.state === 'read' && reading.records[0]).toEqual({
      at: Date.parse('2026-11-21T10:00:00.765Z'),
      actor: { kind: 'user', objectId, userPrincipalName: 'adele@contoso.com' },
      correlationId: 'c-first',
      operation: 'Update conditional access policy',
      source: 'directory-audits',
      touched: [{ name: 'policy-1', before: null, modified: ['x'] }],
    });
  });

  it('name the properties that they changed, those too that one entry lists, and keep no value', async () => {
    const targetResources = [
      {
        id: 'principal-1',
        modifiedProperties: [
          { displayName: 'AccountEnabled', oldValue: '[true]', newValue: '[false]' },
          { displayName: 'Included Updated Properties', oldValue: null, newValue: '"AppAddress, KeyDescription"' },
          { displayName: null, oldValue: null, newValue: '"nobody knows"' },
        ],
      },
      { id: 'principal-2', modifiedProperties: null },
      { id: null, modifiedProperties: [{ displayName: 'Name', oldValue: null, newValue: '"Adele"' }] },
    ];
    const { log } = await started({ graph: () => ({ body: { value: [auditRecord('one', { targetResources })] } }) });
    const reading = await log.ofDirectory(['principal-1'], since);

    expect(reading.state === 'read' && reading.records[0]?.touched).toEqual([
      { name: 'principal-1', before: null, modified: ['AccountEnabled', 'AppAddress', 'KeyDescription'] },
      { name: 'principal-2', before: null },
    ]);
  });

  it('count once where two objects are named in one', async () => {
    const { log } = await started({ graph: () => ({ body: { value: [auditRecord('one')] } }) });

    expect(await log.ofDirectory(['policy-1', 'policy-2'], since)).toMatchObject({ records: { length: 1 } });
  });

  it('leave out what failed', async () => {
    const { log } = await started({ graph: () => ({ body: { value: [auditRecord('one', { result: 'failure' })] } }) });

    expect(await log.ofDirectory(['policy-1'], since)).toEqual({ state: 'read', records: [] });
  });

  it.each([
    [{ app: { appId, servicePrincipalId: objectId } }, { kind: 'application', objectId }],
    [{ app: { appId, servicePrincipalId: null } }, { kind: 'application', objectId: appId }],
    [
      { user: { id: null, userPrincipalName: '' }, app: null },
      { kind: 'unknown', objectId: null },
    ],
    [null, { kind: 'unknown', objectId: null }],
  ])('name who made them: %j', async (initiatedBy, actor) => {
    const { log } = await started({ graph: () => ({ body: { value: [auditRecord('one', { initiatedBy })] } }) });

    expect(await log.ofDirectory(['policy-1'], since)).toMatchObject({ records: [{ actor }] });
  });

  it('name the permission where they may not be read', async () => {
    const { log } = await started({ graph: () => ({ status: 403 }) });

    expect(await log.ofDirectory(['policy-1'], since)).toEqual({
      state: 'unreadable',
      reason: 'forbidden',
      needs: 'AuditLog.Read.All',
    });
  });

  it('are asked for once by many accounts at a time, and no more than five in ten seconds', async () => {
    const { log, asked, waited } = await started({ graph: () => ({ body: { value: [] } }), paced: true });
    await Promise.all([1, 2, 3].map(() => log.ofDirectory(['policy-1'], since)));
    expect(asked).toHaveLength(1);

    // Nine requests more: the pace alone lets time pass here, ten seconds for every five.
    for (let index = 0; index < 9; index += 1) await log.ofDirectory([`app-${String(index)}`], since);
    expect(waited).toEqual([10_000]);
  });
});
