import { describe, expect, it } from 'vitest';
import type { PlannedCall } from '../../../../domain/remediation/plan.ts';
import { AlreadyExists, type GraphWriter } from '../../../../infra/azure/graph/graph-writer.ts';
import { createGraphPlanExecutor, UnsupportedCall } from '../../../../infra/azure/graph/plan-executor.ts';

type Requested = readonly [method: string, url: string, body: unknown];

function executorOver(answer: unknown) {
  const requests: Requested[] = [];
  const writer: GraphWriter = {
    request: (method, url, body) => {
      requests.push([method, url, body]);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  return { requests, executor: createGraphPlanExecutor(writer) };
}

function call(over: Partial<PlannedCall> = {}): PlannedCall {
  return {
    method: 'POST',
    url: '/v1.0/oauth2PermissionGrants',
    body: { clientId: 'c' },
    permission: 'DelegatedPermissionGrant.ReadWrite.All',
    reads: { url: '/v1.0/oauth2PermissionGrants?$filter=x', expect: { '/value': [] } },
    undo: { method: 'DELETE', url: '/v1.0/oauth2PermissionGrants/{id}', body: null },
    ...over,
  };
}

function expecting(expect: PlannedCall['reads']['expect']): PlannedCall {
  return call({ reads: { url: '/v1.0/x', expect } });
}

describe('Checking a precondition', () => {
  it('reads what the plan says and gives back what it found', async () => {
    const { requests, executor } = executorOver({ value: [] });

    expect(await executor.check(call())).toEqual({ holds: true, found: { value: [] } });
    expect(requests).toEqual([['GET', '/v1.0/oauth2PermissionGrants?$filter=x', undefined]]);
  });

  const found = {
    value: [{ id: 'a', 'x/y': 1, '~': 2, '~1': 3 }],
    on: true,
    list: ['p', 'q'],
    none: null,
    '': 'empty',
  };
  it.each<[boolean, PlannedCall['reads']['expect']]>([
    [true, {}],
    [true, { '/value/0/id': 'a' }],
    [true, { '/value/0/x~1y': 1, '/value/0/~0': 2, '/value/0/~01': 3 }],
    [true, { '/list': ['p', 'q'] }],
    [true, { '/none': null, '/absent': null, '/absent/deeper': null, '/on/deeper': null }],
    [true, { '/': 'empty' }],
    [true, { '/value/1': null }],
    [false, { '/value': [] }],
    [false, { '/list': ['q', 'p'] }],
    [false, { '/on': 'true' }],
    [false, { '/on': true, '/value/0/id': 'b' }],
    [false, { '/absent': [] }],
    [false, { '/none': false }],
  ])('holds: %s for %j', async (holds, expected) => {
    const { executor } = executorOver(found);

    expect((await executor.check(expecting(expected))).holds).toBe(holds);
  });

  it('compares the whole document at the empty pointer', async () => {
    const { executor } = executorOver({ a: 1 });

    expect((await executor.check(expecting({ '': { a: 1 } }))).holds).toBe(true);
    expect((await executor.check(expecting({ '': {} }))).holds).toBe(false);
  });
});

describe('Executing a call', () => {
  it.each(['POST', 'PATCH', 'DELETE'] as const)('sends %s with its body and gives back the answer', async (method) => {
    const { requests, executor } = executorOver({ id: 'made' });

    expect(await executor.execute(call({ method }))).toEqual({ id: 'made' });
    expect(requests).toEqual([[method, '/v1.0/oauth2PermissionGrants', { clientId: 'c' }]]);
  });

  it('lets a refusal through', async () => {
    const { executor } = executorOver(new AlreadyExists('is there'));

    await expect(executor.execute(call())).rejects.toThrow(AlreadyExists);
  });

  it.each([
    'https://graph.microsoft.com/v1.0/oauth2PermissionGrants',
    'https://elsewhere.example/v1.0/x',
    '//elsewhere.example/v1.0/x',
    '/beta/servicePrincipals',
    '/v1.0',
    'v1.0/x',
    '/subscriptions/s',
  ])('refuses %s, to write and to read, and asks nobody', async (url) => {
    const { requests, executor } = executorOver({});

    await expect((async () => executor.execute(call({ url })))()).rejects.toThrow(UnsupportedCall);
    await expect((async () => executor.check(call({ reads: { url, expect: {} } })))()).rejects.toThrow(UnsupportedCall);
    expect(requests).toEqual([]);
  });

  it('refuses a method that Microsoft Graph does not know here', async () => {
    const { requests, executor } = executorOver({});

    await expect((async () => executor.execute(call({ method: 'PUT' })))()).rejects.toThrow(/PUT .* is no call/);
    expect(requests).toEqual([]);
  });
});
