import { describe, expect, it } from 'vitest';
import { nameAvailability } from '../../../../infra/azure/arm/name-availability.ts';
import { armForTest, refusal } from './arm-for-test.ts';

describe('nameAvailability', () => {
  it('asks the storage provider, on the subscription it is given', async () => {
    const { arm, seen } = armForTest(() => ({ body: { nameAvailable: true } }));

    expect(await nameAvailability(arm, 's1', 'contoso')).toBe('free');
    expect(seen.map(({ method, url, body }) => [method, url.pathname, body])).toEqual([
      [
        'POST',
        '/subscriptions/s1/providers/Microsoft.Storage/checkNameAvailability',
        { name: 'contoso', type: 'Microsoft.Storage/storageAccounts' },
      ],
    ]);
  });

  it.each([
    ['taken', { nameAvailable: false, reason: 'AlreadyExists', message: 'taken' }],
    [null, { nameAvailable: false, reason: 'AccountNameInvalid', message: 'no name' }],
    [null, {}],
  ])('says %j for the answer %j', async (expected, body) => {
    expect(await nameAvailability(armForTest(() => ({ body })).arm, 's1', 'contoso')).toBe(expected);
  });

  it.each([403, 404, 500])('says nothing where the service answers %i', async (status) => {
    const { arm } = armForTest(() => refusal(status, 'AuthorizationFailed'));

    expect(await nameAvailability(arm, 's1', 'contoso')).toBeNull();
  });
});
