import { describe, expect, it } from 'vitest';
import { ForeignNextLink } from '../../../../infra/azure/foreign-link.ts';
import { grantConsent, grantsOf, GrantsUnreadable } from '../../../../infra/azure/graph/consent.ts';
import { AlreadyExists, createGraphWriter, GraphRefused } from '../../../../infra/azure/graph/graph-writer.ts';
import { graphServer, type GraphReply } from '../graph-server.ts';
import { channelForTest } from './channel-for-test.ts';

const consent = { clientId: 'sp', resourceId: 'graph', scope: 'openid profile User.Read' };
const writerFor = (origin: string) => createGraphWriter(channelForTest(origin).graph);
const error = (status: number, code: string): GraphReply => ({ status, body: { error: { code, message: 'Because.' } } });

describe('grantConsent', () => {
  it('posts a grant for all principals and gives back what was made', async () => {
    const { origin, seen } = await graphServer(({ body }) => ({ status: 201, body: { id: 'g', ...(body as object) } }));

    const grant = await grantConsent(writerFor(origin), consent);

    expect(grant).toEqual({ id: 'g', ...consent, consentType: 'AllPrincipals' });
    expect(seen).toMatchObject([{ method: 'POST', url: '/v1.0/oauth2PermissionGrants', authorization: 'Bearer secret' }]);
  });

  it('says AlreadyExists on 409', async () => {
    const { origin } = await graphServer(() => error(409, 'Request_MultipleObjectsWithSameKeyValue'));

    await expect(grantConsent(writerFor(origin), consent)).rejects.toBeInstanceOf(AlreadyExists);
  });

  it('repeats a POST after 429, but not after 500, which may have done it', async () => {
    let asked = 0;
    const throttled = await graphServer(() => (++asked === 1 ? { status: 429 } : { status: 201, body: { id: 'g' } }));
    const broken = await graphServer(() => ({ status: 500 }));

    await grantConsent(writerFor(throttled.origin), consent);
    await expect(grantConsent(writerFor(broken.origin), consent)).rejects.toBeInstanceOf(GraphRefused);

    expect([throttled.seen.length, broken.seen.length]).toEqual([2, 1]);
  });
});

describe('GraphWriter', () => {
  it('gives null for 204 and carries status and code of a refusal', async () => {
    const { origin } = await graphServer(({ method }) => (method === 'PATCH' ? { status: 204 } : error(403, 'Denied')));
    const writer = writerFor(origin);

    expect(await writer.request('PATCH', '/v1.0/oauth2PermissionGrants/g', { scope: 'openid' })).toBeNull();
    await expect(writer.request('GET', '/v1.0/x')).rejects.toMatchObject({ status: 403, code: 'Denied' });
  });

  it('sends nothing to a URL of another origin', async () => {
    const { origin, seen } = await graphServer(() => ({ status: 204 }));

    await expect(writerFor(origin).request('DELETE', 'https://example.com/v1.0/x')).rejects.toBeInstanceOf(ForeignNextLink);
    expect(seen).toEqual([]);
  });
});

describe('grantsOf', () => {
  it('filters by client id, quotes doubled, and reads every page', async () => {
    const { origin, seen } = await graphServer((asked, own) =>
      asked.url.includes('skiptoken')
        ? { body: { value: [{ id: 'g2' }] } }
        : { body: { value: [{ id: 'g1' }], '@odata.nextLink': `${own}/v1.0/oauth2PermissionGrants?$skiptoken=2` } },
    );

    expect(await grantsOf(channelForTest(origin).graph, "o'x")).toEqual([{ id: 'g1' }, { id: 'g2' }]);
    expect(new URL(seen[0]?.url ?? '', origin).searchParams.get('$filter')).toBe("clientId eq 'o''x'");
  });

  it('throws, and does not give an empty list, where the grants may not be read', async () => {
    const { origin } = await graphServer(() => error(403, 'Denied'));

    await expect(grantsOf(channelForTest(origin).graph, 'x')).rejects.toBeInstanceOf(GrantsUnreadable);
  });
});
