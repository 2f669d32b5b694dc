import { describe, expect, it } from 'vitest';
import { graphLists, servicePrincipalsWithAttributes } from '../../../../infra/azure/graph/collections.ts';
import { readAllPages } from '../../../../infra/azure/graph/read-all-pages.ts';
import { SignInRefused } from '../../../../infra/azure/identity/sign-in-refused.ts';
import { graphServer } from '../graph-server.ts';
import { channelForTest } from './channel-for-test.ts';

const { applications } = graphLists;
const policies = graphLists['conditional-access-policies'];

describe('readAllPages', () => {
  it('follows the next link to the letter, signed, and keeps one object per id', async () => {
    const next = '/v1.0/applications?$skiptoken=RFNwdA%3d%3d&$top=999&$select=id&b=1&$orderby=x';
    const { origin, seen } = await graphServer((asked, own) =>
      asked.url.includes('skiptoken')
        ? { body: { value: [{ id: 'A' }, { id: 'b' }] } }
        : { body: { value: [{ id: 'a' }], '@odata.nextLink': `${own}${next}` } },
    );
    const { graph, counts } = channelForTest(origin);

    expect(await readAllPages(graph, applications)).toEqual({ items: [{ id: 'A' }, { id: 'b' }], failure: null });
    expect(seen.map(({ url, authorization }) => [url, authorization])).toEqual([
      [applications.path, 'Bearer secret'],
      [next, 'Bearer secret'],
    ]);
    expect(counts).toEqual({ resourceGraph: 0, graph: 2, arm: 0, throttled: 0 });
  });

  it.each([400, 403])('asks for the plainer list where the fuller one is refused with %i', async (status) => {
    const { origin, seen } = await graphServer(({ url }, own) => {
      if (url.includes('$expand')) return { status, body: { error: { code: 'X' } } };
      return url.includes('skiptoken')
        ? { body: { value: [{ id: 'b' }] } }
        : { body: { value: [{ id: 'a' }], '@odata.nextLink': `${own}/v1.0/applications?$skiptoken=2` } };
    });

    const reading = await readAllPages(channelForTest(origin).graph, applications);

    expect(reading).toEqual({ items: [{ id: 'a' }, { id: 'b' }], failure: null });
    expect(seen.map(({ url }) => url).slice(0, 2)).toEqual([applications.path, ...applications.plainer]);
    expect(seen).toHaveLength(3);
  });

  it('has the failure of the plainer list where that is refused too, and asks no third time', async () => {
    const { origin, seen } = await graphServer(() => ({ status: 403, body: { error: { code: 'X' } } }));

    const reading = await readAllPages(channelForTest(origin).graph, applications);

    expect(reading).toEqual({ items: [], failure: { reason: 'forbidden', needs: 'Application.Read.All' } });
    expect(seen).toHaveLength(2);
  });

  it('gives up one member after the other that is refused, and keeps what is not', async () => {
    const { origin, seen } = await graphServer(({ url }) =>
      url.includes('$expand') ? { status: 400, body: {} } : { body: { value: [{ id: 'a' }] } },
    );

    const { items } = await readAllPages(channelForTest(origin).graph, servicePrincipalsWithAttributes);

    expect(items).toEqual([{ id: 'a' }]);
    expect(seen.map(({ url }) => [url.includes('$expand'), url.includes('customSecurityAttributes')])).toEqual([
      [true, true],
      [true, false],
      [false, true],
    ]);
  });

  it('does not follow a next link to another origin, and keeps what it read', async () => {
    const { origin, seen } = await graphServer((_asked, own) => ({
      body: { value: [{ id: 'a' }], '@odata.nextLink': `${own.replace('127.0.0.1', 'localhost')}/v1.0/applications` },
    }));

    const reading = await readAllPages(channelForTest(origin).graph, applications);

    expect(reading).toEqual({ items: [{ id: 'a' }], failure: { reason: 'malformed', needs: null } });
    expect(seen).toHaveLength(1);
  });

  it.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
  ])('names the permission that %i asks for', async (status, reason) => {
    const { origin } = await graphServer(() => ({ status, body: { error: { code: 'Authorization_RequestDenied' } } }));

    const reading = await readAllPages(channelForTest(origin).graph, policies);

    expect(reading).toEqual({ items: [], failure: { reason, needs: 'Policy.Read.All' } });
  });

  it('waits as long as Retry-After says', async () => {
    let asked = 0;
    const { origin } = await graphServer(() =>
      ++asked === 1 ? { status: 429, headers: { 'Retry-After': '7' } } : { body: { value: [] } },
    );
    const { graph, counts, slept } = channelForTest(origin);

    expect(await readAllPages(graph, applications)).toEqual({ items: [], failure: null });
    expect(slept).toEqual([7000]);
    expect(counts).toMatchObject({ graph: 2, throttled: 1 });
  });

  it('backs off by itself, longer each time, where 429 names no time', async () => {
    let asked = 0;
    const { origin } = await graphServer(() => (++asked <= 3 ? { status: 429 } : { body: { value: [] } }));
    const { graph, slept } = channelForTest(origin);

    expect((await readAllPages(graph, policies)).failure).toBeNull();
    expect(slept).toEqual([1500, 3000, 6000]);
  });

  it.each([
    [429, 'throttled'],
    [500, 'server-error'],
  ])('gives up after a bounded number of %i, keeping what it read', async (status, reason) => {
    const { origin, seen } = await graphServer((asked, own) =>
      asked.url.includes('skiptoken')
        ? { status }
        : { body: { value: [{ id: 'a' }], '@odata.nextLink': `${own}/v1.0/applications?$skiptoken=2` } },
    );

    const reading = await readAllPages(channelForTest(origin, { maxRetries: 2 }).graph, applications);

    expect(reading).toEqual({ items: [{ id: 'a' }], failure: { reason, needs: null } });
    expect(seen).toHaveLength(4);
  });

  it('does not wait longer than two minutes on request', async () => {
    const { origin, seen } = await graphServer(() => ({ status: 429, headers: { 'Retry-After': '3600' } }));
    const { graph, slept } = channelForTest(origin);

    expect((await readAllPages(graph, applications)).failure?.reason).toBe('throttled');
    expect([slept, seen.length]).toEqual([[], 1]);
  });

  it.each([
    ['a body that is no list', { body: { value: { id: 'a' } } }],
    ['an object without an id', { body: { value: [{ displayName: 'a' }] } }],
    ['a redirect to another origin', { status: 302, headers: { Location: 'https://example.com/' } }],
  ])('reports %s as malformed', async (_case, reply) => {
    const { origin } = await graphServer(() => reply);

    const { failure } = await readAllPages(channelForTest(origin).graph, applications);

    expect(failure).toEqual({ reason: 'malformed', needs: null });
  });

  it('reports a server that is not there as unreachable after its retries', async () => {
    const { graph, slept } = channelForTest('http://127.0.0.1:1', { maxRetries: 1 });

    expect((await readAllPages(graph, applications)).failure).toEqual({ reason: 'unreachable', needs: null });
    expect(slept).toHaveLength(1);
  });

  it('lets a refused sign-in end the read', async () => {
    const credential = { getToken: () => Promise.reject(new SignInRefused('Microsoft Graph', 'no.')) };

    const reading = readAllPages(channelForTest('http://127.0.0.1:1', { credential }).graph, applications);

    await expect(reading).rejects.toBeInstanceOf(SignInRefused);
  });

  it('asks Conditional Access once a second, one after the other, and other lists freely', async () => {
    const { origin, seen } = await graphServer((asked, own) =>
      asked.url.includes('skiptoken')
        ? { body: { value: [{ id: 'b' }] } }
        : { body: { value: [{ id: 'a' }], '@odata.nextLink': `${own}${policies.path}?$skiptoken=2` } },
    );
    const { graph, slept } = channelForTest(origin, { paced: true });

    await Promise.all([readAllPages(graph, policies), readAllPages(graph, policies)]);
    await graph.send('GET', applications.path);

    expect(seen).toHaveLength(5);
    expect(slept).toEqual([1000, 1000, 1000]);
  });
});

describe('the lists', () => {
  it('ask for the largest page of directory objects, and for no page size of policies', () => {
    const paths = Object.values(graphLists).map(({ path }) => new URL(path, 'https://graph.microsoft.com'));

    expect(paths.map((url) => [url.pathname, url.searchParams.get('$top')])).toEqual([
      ['/v1.0/applications', '999'],
      ['/v1.0/servicePrincipals', '999'],
      ['/v1.0/oauth2PermissionGrants', '999'],
      ['/v1.0/identity/conditionalAccess/policies', null],
    ]);
  });

  it('ask for the ids of owners, and for security attributes only where a filter needs them', () => {
    const asked = (path: string, option: string) =>
      new URL(path, 'https://graph.microsoft.com').searchParams.get(option) ?? '';

    const principals = graphLists['service-principals'];
    for (const { path, plainer } of [applications, principals]) {
      expect(asked(path, '$expand')).toBe('owners($select=id)');
      expect(plainer.map((list) => asked(list, '$expand'))).toEqual(['']);
      expect(plainer.map((list) => asked(list, '$select'))).toEqual([asked(path, '$select')]);
    }
    expect(asked(servicePrincipalsWithAttributes.path, '$select')).toBe(
      `${asked(principals.path, '$select')},customSecurityAttributes`,
    );
    expect(servicePrincipalsWithAttributes.plainer).toEqual([
      principals.path,
      servicePrincipalsWithAttributes.path.replace(/&\$expand.*$/u, ''),
      ...principals.plainer,
    ]);
  });
});
