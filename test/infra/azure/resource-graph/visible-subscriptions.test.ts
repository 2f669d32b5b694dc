import { RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { readResources } from '../../../../infra/azure/resource-graph/read-resources.ts';
import { visibleSubscriptions } from '../../../../infra/azure/resource-graph/visible-subscriptions.ts';
import { page, readerForTest } from './reader-for-test.ts';

const row = (id: string, ...groups: string[]) => ({
  id: `/subscriptions/${id}`,
  subscriptionId: id,
  properties: { managementGroupAncestorsChain: groups.map((name) => ({ name })) },
});
const rows = [row('S2', 'prod', 'root'), row('s1', 'root')];
const notVisible = { reason: 'not-visible', needs: 'Reader on the subscription' };
const none = () => Promise.resolve([]);

describe('visibleSubscriptions', () => {
  it('gives all that the caller sees where no scope is named', async () => {
    const { reader } = readerForTest(() => page(rows, 2));

    const visible = await visibleSubscriptions(reader, { subscriptions: [], managementGroups: [] }, none);

    expect(visible).toEqual({ ids: ['s1', 's2'], gaps: [] });
  });

  it('has a gap for a named subscription that the caller cannot see', async () => {
    const { reader } = readerForTest(() => page(rows, 2));

    const visible = await visibleSubscriptions(reader, { subscriptions: ['S1', 'S9'], managementGroups: [] }, none);

    expect(visible).toEqual({ ids: ['s1'], gaps: [{ scope: '/subscriptions/s9', failure: notVisible }] });
  });

  it('has a gap for an unseen subscription below a named management group', async () => {
    const { reader } = readerForTest(() => page(rows, 2));

    const visible = await visibleSubscriptions(reader, { subscriptions: [], managementGroups: ['Prod'] }, () =>
      Promise.resolve(['s2', 's8']),
    );

    expect(visible).toEqual({ ids: ['s2'], gaps: [{ scope: '/subscriptions/s8', failure: notVisible }] });
  });

  it('has a gap where the management group itself may not be listed', async () => {
    const { reader } = readerForTest(() => page(rows, 2));

    const visible = await visibleSubscriptions(reader, { subscriptions: [], managementGroups: ['prod'] }, () =>
      Promise.reject(new RestError('no', { statusCode: 403 })),
    );

    const failure = { reason: 'forbidden', needs: 'Management Group Reader on prod' };
    expect(visible).toEqual({ ids: ['s2'], gaps: [{ scope: 'tenant', failure }] });
  });

  it('does not take "no subscription seen" for an empty estate', async () => {
    const { reader } = readerForTest(() => page([], 0));

    const visible = await visibleSubscriptions(reader, { subscriptions: [], managementGroups: [] }, none);

    expect(visible).toEqual({ ids: [], gaps: [{ scope: 'tenant', failure: notVisible }] });
  });
});

describe('readResources', () => {
  it('asks for at most 300 subscriptions at a time, and names those of a failed batch', async () => {
    const ids = Array.from({ length: 301 }, (_, index) => `s${String(index).padStart(3, '0')}`);
    const { reader, seen } = readerForTest(({ subscriptions = [] }) =>
      subscriptions.length === 300
        ? page([{ id: '/a' }], 1)
        : { status: 403, body: { error: { code: 'AccessDenied' } } },
    );

    const collection = await readResources(
      reader,
      { collection: 'storage-accounts', query: 'q', needs: 'Reader' },
      { ids, gaps: [] },
    );

    expect(seen).toHaveLength(2);
    expect(collection).toEqual({
      state: 'partial',
      items: [{ id: '/a' }],
      gaps: [{ collection: 'storage-accounts', scope: '/subscriptions/s300', reason: 'forbidden', needs: 'Reader' }],
    });
  });

  it('is unavailable, not empty, where nothing could be read', async () => {
    const { reader } = readerForTest(() => ({ status: 403, body: { error: { code: 'AccessDenied' } } }));

    const collection = await readResources(
      reader,
      { collection: 'storage-accounts', query: 'q', needs: 'Reader' },
      { ids: ['s1'], gaps: [] },
    );

    expect(collection.state).toBe('unavailable');
  });

  it('asks nothing where no subscription is visible, and says why', async () => {
    const { reader, seen } = readerForTest(() => page([], 0));
    const gaps = [{ scope: '/subscriptions/s9', failure: { reason: 'not-visible', needs: null } as const }];

    const collection = await readResources(
      reader,
      { collection: 'storage-accounts', query: 'q', needs: 'Reader' },
      { ids: [], gaps },
    );

    expect([collection.state, seen]).toEqual(['unavailable', []]);
  });
});
