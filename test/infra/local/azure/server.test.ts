import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createLocalAzure, LocalAzurePortInUseError } from '../../../../infra/local/azure/server.ts';
import { administratorToken, errorIn, smallTenant, startedAzure } from './started-azure.ts';

const subscriptions = '/subscriptions?api-version=2022-12-01';

/** Status of a request whose Host or Origin fetch would not let us choose. */
async function statusWith(origin: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${origin}${subscriptions}`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('who may ask', () => {
  it('answers 401 with WWW-Authenticate without a token, or with a wrong one', async () => {
    const { call, azure } = await startedAzure();

    const missing = await call('GET', subscriptions, undefined, { authorization: '' });
    const wrong = await call('GET', '/v1.0/applications', undefined, { authorization: 'Bearer other' });

    expect(missing.status).toBe(401);
    expect(missing.headers.get('www-authenticate')).toContain('Bearer authorization_uri=');
    expect(wrong.status).toBe(401);
    expect(errorIn(wrong).code).toBe('InvalidAuthenticationToken');
    expect(azure.requests).toMatchObject({ arm: 0, graph: 0 });
    expect(azure.requests.log.map(({ status }) => status)).toEqual([401, 401]);
  });

  it('accepts the further tokens it was given', async () => {
    const { call } = await startedAzure();

    const answer = await call('GET', subscriptions, undefined, { authorization: `Bearer ${administratorToken}` });

    expect(answer.status).toBe(200);
  });

  it.each([
    ['a Host of another name', { host: 'evil.example' }, 403],
    ['a Host with another port', { host: '127.0.0.1:1' }, 403],
    ['an Origin of another page', { origin: 'http://evil.example' }, 403],
    ['an Origin of null', { origin: 'null' }, 403],
  ])('refuses %s', async (_, headers, status) => {
    const { azure } = await startedAzure();

    expect(await statusWith(azure.origin, { authorization: 'Bearer the-workload-token', ...headers })).toBe(status);
  });

  it('accepts its own Origin and the name localhost', async () => {
    const { azure } = await startedAzure();
    const host = `localhost:${new URL(azure.origin).port}`;
    const headers = { authorization: 'Bearer the-workload-token', host, origin: `http://${host}` };

    expect(await statusWith(azure.origin, headers)).toBe(200);
  });
});

describe('what cannot be answered', () => {
  it('names the path that nothing serves', async () => {
    const { call } = await startedAzure();

    const graph = await call('GET', '/v1.0/users');
    const beta = await call('GET', '/beta/applications');

    expect(graph.status).toBe(404);
    expect(errorIn(graph).message).toContain('GET /v1.0/users');
    expect(beta.status).toBe(404);
    expect(errorIn(beta).message).toContain('/beta/applications');
  });

  it('refuses a body over 1 MB, and one that is not JSON', async () => {
    const { call, azure } = await startedAzure();
    const path = '/v1.0/oauth2PermissionGrants';

    const large = await call('POST', path, { scope: 'x'.repeat(1024 * 1024) });
    const broken = await fetch(`${azure.origin}${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer the-workload-token' },
      body: '{"clientId":',
    });

    expect(large.status).toBe(413);
    expect(broken.status).toBe(400);
  });

  it('survives a path that is no URL', async () => {
    const { call, azure } = await startedAzure();

    const odd = await fetch(`${azure.origin}/v1.0/applications/%E0%A4%A`, {
      headers: { authorization: 'Bearer the-workload-token' },
    });

    expect(odd.status).toBe(400);
    expect((await call('GET', subscriptions)).status).toBe(200);
  });

  it('says so when its port is taken', async () => {
    const { azure } = await startedAzure();
    const port = Number(new URL(azure.origin).port);
    const second = createLocalAzure({
      tenant: smallTenant(),
      port,
      token: 't',
      onEvent: () => undefined,
      clock: () => new Date(0),
      newGuid: () => 'guid',
    });

    await expect(second.start()).rejects.toThrow(LocalAzurePortInUseError);
  });
});

describe('trouble on request', () => {
  it('throttles as many matching requests as asked, with Retry-After', async () => {
    const { call, azure } = await startedAzure();
    azure.faults.throttle(1, ({ path }) => path.endsWith('/applications'), 7);

    const other = await call('GET', '/v1.0/servicePrincipals');
    const first = await call('GET', '/v1.0/applications');
    const second = await call('GET', '/v1.0/applications');

    expect([other.status, first.status, second.status]).toEqual([200, 429, 200]);
    expect(first.headers.get('retry-after')).toBe('7');
    expect(azure.requests).toMatchObject({ graph: 3, throttled: 1 });
  });

  it('sends no Retry-After from Conditional Access', async () => {
    const { call, azure } = await startedAzure();
    azure.faults.throttle(1, () => true, 7);

    const answer = await call('GET', '/v1.0/identity/conditionalAccess/policies');

    expect(answer.status).toBe(429);
    expect(answer.headers.has('retry-after')).toBe(false);
  });

  it('is busy with another operation on an account', async () => {
    const { call, azure } = await startedAzure();
    azure.faults.conflict(1, ({ kind }) => kind === 'arm');

    const busy = await call('GET', subscriptions);

    expect([busy.status, errorIn(busy).code]).toEqual([409, 'StorageAccountOperationInProgress']);
    expect((await call('GET', subscriptions)).status).toBe(200);
  });

  it('does what is asked, and breaks off before the answer', async () => {
    const { call, azure } = await startedAzure();
    azure.faults.breakOff(1, ({ method }) => method === 'PATCH');
    const path = '/v1.0/applications/application-files11';

    await expect(call('PATCH', path, { tags: ['HideApp'] })).rejects.toThrow();

    expect((await call('GET', path)).body['tags']).toEqual(['HideApp']);
    expect(azure.requests.log.map(({ method, status }) => [method, status])).toEqual([
      ['PATCH', 204],
      ['GET', 200],
    ]);
  });

  it('takes the right to write from workloads, and from no person', async () => {
    const { call, azure } = await startedAzure();
    for (const name of ['applications', 'service-principals', 'oauth2-permission-grants'] as const) {
      azure.faults.forbidWriting(name);
    }
    const path = '/v1.0/applications/application-files11';
    const asPerson = { authorization: `Bearer ${administratorToken}` };

    const refused = await Promise.all([
      call('PATCH', path, { tags: [] }),
      call('DELETE', path),
      call('PATCH', '/v1.0/servicePrincipals/principal-files11', { accountEnabled: true }),
      call('DELETE', '/v1.0/oauth2PermissionGrants/grant-files11'),
    ]);

    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect((await call('GET', path)).status).toBe(200);
    expect((await call('PATCH', path, { tags: [] }, asPerson)).status).toBe(204);
    azure.faults.allow('applications');
    expect((await call('PATCH', path, { tags: [] })).status).toBe(204);
  });

  it('is unavailable, slow or forbidding until told otherwise', async () => {
    const { call, azure } = await startedAzure();
    azure.faults.unavailable(1, ({ kind }) => kind === 'arm');
    azure.faults.forbid('applications');
    azure.faults.latencyMilliseconds = 30;
    const started = performance.now();

    expect((await call('GET', subscriptions)).status).toBe(503);
    expect(performance.now() - started).toBeGreaterThanOrEqual(25);
    const forbidden = await call('GET', '/v1.0/applications');
    expect(forbidden.status).toBe(403);
    expect(errorIn(forbidden).code).toBe('Authorization_RequestDenied');

    azure.faults.clear();
    expect((await call('GET', '/v1.0/applications')).status).toBe(200);
  });
});
