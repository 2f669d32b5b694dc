import { describe, expect, it } from 'vitest';
import { errorIn, listIn, put, startedAzure, type StartedAzure } from './started-azure.ts';

const path = '/v1.0/applications/delta';

async function linkAfter({ call }: StartedAzure, first: string): Promise<string> {
  let answer = await call('GET', first);
  for (;;) {
    const next = answer.body['@odata.nextLink'];
    if (typeof next !== 'string') return String(answer.body['@odata.deltaLink']);
    answer = await call('GET', next);
  }
}

describe('A delta of the local Graph', () => {
  it('ends in a delta link that tells of changes to what was selected, and of no others', async () => {
    const azure = await startedAzure();
    const link = await linkAfter(azure, `${path}?$select=id,displayName`);
    await azure.call('PATCH', '/v1.0/applications/application-files11', { tags: ['x'] });
    const quiet = await azure.call('GET', link);
    await azure.call('PATCH', '/v1.0/applications/application-files11', { displayName: 'New' });

    expect(listIn(quiet)).toEqual([]);
    expect(listIn(await azure.call('GET', link))).toEqual([{ id: 'application-files11', displayName: 'New' }]);
  });

  it('gives the same changes again to who comes with the same link, as one does who crashed', async () => {
    const azure = await startedAzure();
    const link = await linkAfter(azure, path);
    put(azure.tenant, 'applications', { id: 'new', appId: 'new' });

    const [once, again] = [await azure.call('GET', link), await azure.call('GET', link)];

    expect(listIn(once)).toEqual([{ id: 'new', appId: 'new' }]);
    expect(listIn(again)).toEqual(listIn(once));
  });

  it.each([
    ['unknown', '$deltatoken=nonsense'],
    ['unknown in the middle', '$skiptoken=nonsense'],
  ])('answers 410 to a token that is %s', async (_, token) => {
    const { call } = await startedAzure();
    const answer = await call('GET', `${path}?${token}`);

    expect(answer.status).toBe(410);
    expect(errorIn(answer).code).toBe('resyncRequired');
  });

  it('answers 410 to a token of another list, and to one that is forgotten', async () => {
    const azure = await startedAzure();
    const link = await linkAfter(azure, path);
    const elsewhere = link.replace('/applications/', '/servicePrincipals/');
    expect((await azure.call('GET', elsewhere)).status).toBe(410);

    azure.azure.deltas.expire();
    expect((await azure.call('GET', link)).status).toBe(410);
  });

  it('refuses the caller without the right, options that delta does not know, and Conditional Access', async () => {
    const { call, azure } = await startedAzure();
    expect((await call('GET', `${path}?$top=5`)).status).toBe(400);
    expect((await call('GET', '/v1.0/identity/conditionalAccess/policies/delta')).status).toBe(404);

    azure.faults.forbid('applications');
    expect((await call('GET', path)).status).toBe(403);
  });
});
