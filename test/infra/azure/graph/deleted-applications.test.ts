import { expect, it } from 'vitest';
import { readDeletedApplications } from '../../../../infra/azure/graph/deleted-applications.ts';
import { graphServer } from '../graph-server.ts';
import { channelForTest } from './channel-for-test.ts';

const first = '/v1.0/directory/deletedItems/microsoft.graph.application?$select=id,appId&$top=999';

async function deletedIn(...answers: readonly unknown[]) {
  let page = 0;
  const { origin, seen } = await graphServer((_, own) => {
    const value = answers[page];
    page += 1;
    const more = page < answers.length ? { '@odata.nextLink': `${own}${first}&$skiptoken=${String(page)}` } : {};
    return value === null ? { status: 403, body: { error: { code: 'X' } } } : { body: { value, ...more } };
  });
  return { deleted: await readDeletedApplications(channelForTest(origin).graph), seen };
}

it('reads all pages of the applications that can be restored, by their appIds in lower case', async () => {
  const { deleted, seen } = await deletedIn([{ id: '1', appId: 'ABC' }], [{ id: '2', appId: 'def' }]);

  expect(deleted).toEqual(new Set(['abc', 'def']));
  expect(seen[0]?.url).toBe(first);
});

it('knows nothing of a list that was not read whole, or that names an app by nothing', async () => {
  expect((await deletedIn(null)).deleted).toBeNull();
  expect((await deletedIn([{ id: '1', appId: 'abc' }], null)).deleted).toBeNull();
  expect((await deletedIn([{ id: '1' }])).deleted).toBeNull();
});
