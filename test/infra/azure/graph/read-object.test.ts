import { describe, expect, it } from 'vitest';
import { graphObjects } from '../../../../infra/azure/graph/collections.ts';
import { readObject } from '../../../../infra/azure/graph/read-object.ts';
import { graphServer } from '../graph-server.ts';
import { channelForTest } from './channel-for-test.ts';

const defaults = graphObjects['security-defaults'];

describe('readObject', () => {
  it('gives the object, as a list of one', async () => {
    const policy = { '@odata.context': 'x', id: '5', isEnabled: false };
    const { origin, seen } = await graphServer(() => ({ body: policy }));

    expect(await readObject(channelForTest(origin).graph, defaults)).toEqual({ items: [policy], failure: null });
    expect(seen.map(({ url }) => url)).toEqual(['/v1.0/policies/identitySecurityDefaultsEnforcementPolicy']);
  });

  it.each([
    [401, 'unauthorized', 'Policy.Read.All'],
    [403, 'forbidden', 'Policy.Read.All'],
    [404, 'server-error', null],
  ])('has a failure and no object for %i', async (status, reason, needs) => {
    const { origin } = await graphServer(() => ({ status, body: { error: { code: 'X' } } }));

    expect(await readObject(channelForTest(origin).graph, defaults)).toEqual({ items: [], failure: { reason, needs } });
  });

  it.each([[[]], [null], ['text']])('takes %j for malformed', async (body) => {
    const { origin } = await graphServer(() => ({ body }));

    const { failure } = await readObject(channelForTest(origin).graph, defaults);

    expect(failure).toEqual({ reason: 'malformed', needs: null });
  });
});
