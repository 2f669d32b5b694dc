import { expect, it } from 'vitest';
import { createAppCheck } from '../../infra/app-check.ts';
import { channelForTest } from './azure/graph/channel-for-test.ts';
import { graphServer } from './azure/graph-server.ts';

it('takes an app for gone where neither its principal nor its application is there, and nothing else', async () => {
  const statuses = new Map([
    ["/v1.0/servicePrincipals(appId='there')", 200],
    ["/v1.0/servicePrincipals(appId='registered')", 404],
    ["/v1.0/applications(appId='registered')", 200],
    ["/v1.0/servicePrincipals(appId='gone')", 404],
    ["/v1.0/applications(appId='gone')", 404],
    ["/v1.0/servicePrincipals(appId='hidden')", 403],
    ["/v1.0/servicePrincipals(appId='halfhidden')", 404],
    ["/v1.0/applications(appId='halfhidden')", 403],
  ]);
  const { origin, seen } = await graphServer(({ url }) => ({
    status: statuses.get(url.split('?')[0] ?? '') ?? 500,
    body: { id: 'x' },
  }));
  const { graph, counts } = channelForTest(origin, { maxRetries: 0 });

  const { appIds, requests } = await createAppCheck(() => ({ graph, requests: counts })).gone([
    'there',
    'registered',
    'gone',
    'hidden',
    'halfhidden',
  ]);

  expect([...appIds]).toEqual(['gone']);
  expect(seen).toHaveLength(8);
  expect(requests.graph).toBe(8);
});
