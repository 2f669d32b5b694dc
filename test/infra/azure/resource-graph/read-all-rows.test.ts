import { describe, expect, it } from 'vitest';
import { SignInRefused } from '../../../../infra/azure/identity/sign-in-refused.ts';
import { readAllRows } from '../../../../infra/azure/resource-graph/read-all-rows.ts';
import { page, readerForTest } from './reader-for-test.ts';

const request = { query: 'resources | project id | order by id asc', subscriptions: ['s1'], needs: 'Reader' };
const idsOf = (items: readonly Readonly<Record<string, unknown>>[]) => items.map((item) => item['id']);

describe('readAllRows', () => {
  it('follows $skipToken to the end, a thousand rows a page, through plain http on loopback with the token', async () => {
    const { reader, seen, counts } = readerForTest(({ options }) =>
      options['$skipToken'] === undefined ? page([{ id: '/A' }, { id: '/B' }], 3, 't1') : page([{ id: '/C' }], 3),
    );

    const { items, failure } = await readAllRows(reader, request);

    expect([idsOf(items), failure]).toEqual([['/A', '/B', '/C'], null]);
    expect(seen.map(({ url, authorization }) => [url.origin, authorization])).toEqual([
      ['http://127.0.0.1:7070', 'Bearer secret'],
      ['http://127.0.0.1:7070', 'Bearer secret'],
    ]);
    expect(seen.map(({ body }) => body)).toMatchObject([
      { subscriptions: ['s1'], options: { $top: 1000 } },
      { subscriptions: ['s1'], options: { $top: 1000, $skipToken: 't1' } },
    ]);
    expect(counts).toEqual({ resourceGraph: 2, graph: 0, arm: 0, throttled: 0 });
  });

  it('keeps one row per id whatever its case, and members as they came', async () => {
    const { reader } = readerForTest(({ options }) =>
      options['$skipToken'] === undefined
        ? page([{ id: '/A', n: 1 }], 2, 't1')
        : page(
            [
              { id: '/a', n: 2 },
              { id: '/b', supportsHttpsTrafficOnly: null },
            ],
            2,
          ),
    );

    const { items, failure } = await readAllRows(reader, request);

    expect([items, failure]).toEqual([
      [
        { id: '/a', n: 2 },
        { id: '/b', supportsHttpsTrafficOnly: null },
      ],
      null,
    ]);
  });

  it.each([
    ['resultTruncated without a token', page([{ id: '/a' }], 1, undefined, 'true')],
    ['fewer rows than totalRecords', page([{ id: '/a' }], 2)],
    [
      'the subscription limit',
      { ...page([{ id: '/a' }], 1), headers: { 'x-ms-tenant-subscription-limit-hit': 'true' } },
    ],
  ])('reports %s as truncated and keeps the rows', async (_case, answer) => {
    const { items, failure } = await readAllRows(readerForTest(() => answer).reader, request);

    expect([idsOf(items), failure]).toEqual([['/a'], { reason: 'truncated', needs: null }]);
  });

  it('keeps what was read when a later page is refused', async () => {
    const { reader } = readerForTest(({ options }) =>
      options['$skipToken'] === undefined
        ? page([{ id: '/a' }], 2, 't1')
        : { status: 403, body: { error: { code: 'AccessDenied', message: 'no' } } },
    );

    const { items, failure } = await readAllRows(reader, request);

    expect([idsOf(items), failure]).toEqual([['/a'], { reason: 'forbidden', needs: 'Reader' }]);
  });

  it.each([
    ['rows without an id', page([{ name: 'a' }], 1)],
    ['no rows member', { body: { totalRecords: 0, count: 0, resultTruncated: 'false' } }],
    ['the same token for ever', page([{ id: '/a' }], 9, 'again')],
  ])('reports %s as malformed', async (_case, answer) => {
    const { failure } = await readAllRows(readerForTest(() => answer).reader, request);

    expect(failure).toEqual({ reason: 'malformed', needs: null });
  });

  it('asks again after 429, also where only the quota header says when, and counts it', async () => {
    let asked = 0;
    const headers = { 'x-ms-user-quota-resets-after': '00:00:00', 'x-ms-user-quota-remaining': '0' };
    const { reader, counts } = readerForTest(() =>
      ++asked === 1 ? { status: 429, headers, body: { error: { code: 'RateLimiting' } } } : page([{ id: '/a' }], 1),
    );

    const { items } = await readAllRows(reader, request);

    expect(idsOf(items)).toEqual(['/a']);
    expect(counts).toMatchObject({ resourceGraph: 2, throttled: 1 });
  });

  it('gives up as throttled when 429 goes on', async () => {
    const { reader, counts } = readerForTest(() => ({ status: 429, headers: { 'Retry-After': '0' }, body: {} }));

    const { items, failure } = await readAllRows(reader, request);

    expect([items, failure]).toEqual([[], { reason: 'throttled', needs: null }]);
    expect(counts).toMatchObject({ resourceGraph: 3, throttled: 3 });
  });

  it('waits until the quota is back before the next page', async () => {
    const used = { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:00:05' };
    const { reader, slept } = readerForTest(({ options }) =>
      options['$skipToken'] === undefined
        ? { ...page([{ id: '/a' }], 2, 't'), headers: used }
        : page([{ id: '/b' }], 2),
    );

    await readAllRows(reader, request);

    expect(slept).toEqual([5000]);
  });

  it('lets a refused sign-in end the read', async () => {
    const { reader } = readerForTest(() => page([], 0));
    reader.client.pipeline.addPolicy({
      name: 'refuse',
      sendRequest: () => Promise.reject(new SignInRefused('Azure Resource Manager', 'no.')),
    });

    await expect(readAllRows(reader, request)).rejects.toBeInstanceOf(SignInRefused);
  });
});
