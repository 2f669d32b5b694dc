import { describe, expect, it } from 'vitest';
import { AccountIdInvalid } from '../../../../infra/azure/arm/account-id.ts';
import { descendantSubscriptions } from '../../../../infra/azure/arm/descendant-subscriptions.ts';
import { readAccount, readFileService } from '../../../../infra/azure/arm/read-account.ts';
import { MalformedAnswer } from '../../../../infra/azure/failure.ts';
import { ForeignNextLink } from '../../../../infra/azure/foreign-link.ts';
import { armForTest, refusal } from './arm-for-test.ts';

const id = '/subscriptions/s1/resourcegroups/rg/providers/Microsoft.Storage/storageAccounts/contoso';

describe('readAccount', () => {
  it('gives the account as it was on the wire, names unchanged', async () => {
    const account = { id, kind: 'StorageV2', properties: { supportsHttpsTrafficOnly: true, aNewMember: { x: null } } };
    const { arm, seen, counts } = armForTest(() => ({ body: account }));

    expect(await readAccount(arm, id)).toEqual({ state: 'found', resource: account });
    expect(seen[0]?.url.pathname.toLowerCase()).toBe(id.toLowerCase());
    expect(counts).toEqual({ resourceGraph: 0, graph: 0, arm: 1, throttled: 0 });
  });

  it.each(['ResourceNotFound', 'ResourceGroupNotFound'])('takes 404 %s for absence', async (code) => {
    expect(await readAccount(armForTest(() => refusal(404, code)).arm, id)).toEqual({ state: 'absent' });
  });

  it('does not take an unknown subscription for absence of the account', async () => {
    const reading = await readAccount(armForTest(() => refusal(404, 'SubscriptionNotFound')).arm, id);

    expect(reading).toMatchObject({ state: 'unreadable', failure: { reason: 'not-visible' } });
  });

  it.each([
    ['of a gateway', { status: 404, body: '<html>Not Found</html>' }],
    ['for a route that is not there', refusal(404, 'InvalidResourceType')],
  ])('does not take a 404 %s for absence', async (_says, answer) => {
    expect(await readAccount(armForTest(() => answer).arm, id)).toMatchObject({ state: 'unreadable' });
  });

  it('names the missing permission on 403', async () => {
    const reading = await readAccount(armForTest(() => refusal(403, 'AuthorizationFailed')).arm, id);

    const failure = { reason: 'forbidden', needs: 'Microsoft.Storage/storageAccounts/read' };
    expect(reading).toEqual({ state: 'unreadable', failure });
  });

  it('asks again after 503 with Retry-After', async () => {
    let asked = 0;
    const { arm, counts } = armForTest(() =>
      ++asked === 1 ? { status: 503, headers: { 'Retry-After': '0' }, body: {} } : { body: { id } },
    );

    expect(await readAccount(arm, id)).toMatchObject({ state: 'found' });
    expect(counts).toMatchObject({ arm: 2, throttled: 1 });
  });

  it('refuses an id that is no storage account', () => {
    expect(() => readAccount(armForTest(() => ({ body: {} })).arm, '/subscriptions/s1')).toThrow(AccountIdInvalid);
  });

  it('does not follow a redirect to another origin', async () => {
    const { arm, seen } = armForTest(() => ({ status: 307, headers: { Location: 'https://example.com/x' }, body: {} }));

    expect(await readAccount(arm, id)).toMatchObject({ state: 'unreadable', failure: { reason: 'malformed' } });
    expect(seen).toHaveLength(1);
  });
});

describe('readFileService', () => {
  it('keeps an empty smb object as it came', async () => {
    const service = { id: `${id}/fileServices/default`, properties: { protocolSettings: { smb: {} } } };
    const { arm, seen } = armForTest(() => ({ body: service }));

    expect(await readFileService(arm, id)).toEqual({ state: 'found', resource: service });
    expect(seen[0]?.url.pathname.toLowerCase()).toBe(`${id}/fileservices/default`.toLowerCase());
  });
});

describe('descendantSubscriptions', () => {
  const sub = (name: string) => ({ type: 'Microsoft.Management/managementGroups/subscriptions', name });

  it('does not take a list that goes round in circles for a whole one', async () => {
    const nextLink =
      'https://management.azure.com/providers/Microsoft.Management/managementGroups/prod/descendants?p=2';
    const { arm } = armForTest(() => ({ body: { value: [], nextLink } }));

    await expect(descendantSubscriptions(arm, 'prod')).rejects.toBeInstanceOf(MalformedAnswer);
  });

  it('reads both pages and leaves management groups out', async () => {
    const { arm } = armForTest(({ url }) =>
      url.searchParams.has('$skiptoken')
        ? { body: { value: [sub('S2')] } }
        : {
            body: {
              value: [sub('s1'), { type: 'Microsoft.Management/managementGroups', name: 'child' }],
              nextLink: `${url.href}&$skiptoken=2`,
            },
          },
    );

    expect(await descendantSubscriptions(arm, 'prod')).toEqual(['s1', 's2']);
  });

  it('refuses a next link to another origin', async () => {
    const { arm, seen } = armForTest(() => ({ body: { value: [], nextLink: 'https://example.com/next' } }));

    await expect(descendantSubscriptions(arm, 'prod')).rejects.toBeInstanceOf(ForeignNextLink);
    expect(seen).toHaveLength(1);
  });
});
