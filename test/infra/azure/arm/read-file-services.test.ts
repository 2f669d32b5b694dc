import { describe, expect, it } from 'vitest';
import { createArmClients } from '../../../../infra/azure/arm/arm-client.ts';
import { readFileServices } from '../../../../infra/azure/arm/read-file-services.ts';
import { staticToken } from '../../../../infra/azure/identity/static-token.ts';
import { armAnswers } from '../arm-answers.ts';
import { armForTest, refusal } from './arm-for-test.ts';

const idOf = (name: string) =>
  `/subscriptions/S1/resourceGroups/RG/providers/Microsoft.Storage/storageAccounts/${name}`;
const serviceOf = (name: string) => ({
  id: `${idOf(name)}/fileServices/default`,
  properties: { protocolSettings: { smb: {} } },
});
const accountIn = ({ pathname }: URL) => /storageAccounts\/([^/]+)/i.exec(pathname)?.[1] ?? '';
const forbidden = (name: string) => ({
  collection: 'file-services',
  scope: idOf(name).toLowerCase(),
  reason: 'forbidden',
  needs: 'Microsoft.Storage/storageAccounts/fileServices/read',
});

describe('readFileServices', () => {
  it('reads each once, as it came', async () => {
    const { arm, seen } = armForTest(({ url }) => ({ body: serviceOf(accountIn(url)) }));

    const read = await readFileServices(arm, ['a', 'b'].map(idOf));

    expect(read).toEqual({ state: 'known', items: ['a', 'b'].map(serviceOf) });
    expect(seen.map(({ url }) => accountIn(url))).toEqual(['a', 'b']);
  });

  it('reads as it came what the types of the SDK have no place for', async () => {
    const cors = { corsRules: [{ allowedOrigins: ['*'], allowedMethods: ['GET'] }] };
    const service = { ...serviceOf('a'), properties: { protocolSettings: { smb: {} }, cors } };
    const { arm } = armForTest(() => ({ body: service }));

    expect(await readFileServices(arm, [idOf('a')])).toEqual({ state: 'known', items: [service] });
  });

  it('asks nothing for no accounts, and knows that there is none', async () => {
    const { arm, seen } = armForTest(() => refusal(500, 'X'));

    expect(await readFileServices(arm, [])).toEqual({ state: 'known', items: [] });
    expect(seen).toEqual([]);
  });

  it('has neither an object nor a gap for an account that is gone', async () => {
    const { arm } = armForTest(({ url }) =>
      accountIn(url) === 'gone' ? refusal(404, 'ResourceNotFound') : { body: serviceOf(accountIn(url)) },
    );

    expect(await readFileServices(arm, ['gone', 'a'].map(idOf))).toEqual({ state: 'known', items: [serviceOf('a')] });
  });

  it('has a gap with the account as scope, in lower case, for one that may not be read', async () => {
    const { arm } = armForTest(({ url }) =>
      accountIn(url) === 'Closed' ? refusal(403, 'AuthorizationFailed') : { body: serviceOf(accountIn(url)) },
    );

    const read = await readFileServices(arm, ['Closed', 'a'].map(idOf));

    expect(read).toEqual({ state: 'partial', items: [serviceOf('a')], gaps: [forbidden('Closed')] });
  });

  it('knows nothing where none may be read', async () => {
    const { arm } = armForTest(() => refusal(403, 'AuthorizationFailed'));

    const read = await readFileServices(arm, ['a', 'b'].map(idOf));

    expect(read).toEqual({ state: 'unavailable', gaps: ['a', 'b'].map(forbidden) });
  });

  it('has no more than eight requests under way at once', async () => {
    let underWay = 0;
    let most = 0;
    const { httpClient: answering } = armAnswers(({ url }) => ({ body: serviceOf(accountIn(url)) }));
    const origin = 'https://management.azure.com';
    const arm = createArmClients({
      endpoint: { origin, scope: `${origin}/.default` },
      credential: staticToken('t'),
      maxRetries: 0,
      httpClient: {
        async sendRequest(request) {
          most = Math.max(most, (underWay += 1));
          await new Promise((resolve) => setTimeout(resolve, 1));
          underWay -= 1;
          return answering.sendRequest(request);
        },
      },
    });
    const names = Array.from({ length: 30 }, (_, index) => `a${String(index)}`);

    const read = await readFileServices(arm, names.map(idOf));

    expect(read.state === 'known' && read.items).toHaveLength(30);
    expect(most).toBe(8);
  });
});
