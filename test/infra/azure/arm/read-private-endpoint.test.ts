import { expect, it } from 'vitest';
import { readPrivateEndpoint } from '../../../../infra/azure/arm/read-private-endpoint.ts';
import { armForTest, refusal } from './arm-for-test.ts';

const id = '/subscriptions/s1/resourcegroups/rg/providers/Microsoft.Network/privateEndpoints/pe';

it('gives the private endpoint as it was on the wire', async () => {
  const endpoint = { id, name: 'pe', properties: { aNewMember: 1 } };
  const { arm, seen } = armForTest(() => ({ body: endpoint }));

  expect(await readPrivateEndpoint(arm, id)).toEqual({ state: 'found', endpoint });
  expect(seen[0]?.url.pathname).toBe(id);
  expect(seen[0]?.url.searchParams.get('api-version')).toMatch(/^\d{4}-\d\d-\d\d$/);
});

it.each([
  [
    '403',
    refusal(403, 'AuthorizationFailed'),
    { reason: 'forbidden', needs: 'Microsoft.Network/privateEndpoints/read' },
  ],
  ['404', refusal(404, 'ResourceNotFound'), { reason: 'server-error', needs: null }],
  ['an answer that is no object', { body: [] }, { reason: 'malformed', needs: null }],
])('says why it could not be read: %s', async (_, answer, failure) => {
  expect(await readPrivateEndpoint(armForTest(() => answer).arm, id)).toEqual({ state: 'unreadable', failure });
});
