import { describe, expect, it } from 'vitest';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import { parseCollection } from '../../../infra/wire/parse-collection.ts';
import { parseOAuth2PermissionGrant } from '../../../infra/wire/oauth2-permission-grant.ts';
import { parseStorageAccount } from '../../../infra/wire/storage-account.ts';

const group = '/subscriptions/AAAA/resourceGroups/g/providers/Microsoft.Storage/storageAccounts';
const account = (name: string) => ({ id: `${group}/${name}`, kind: 'StorageV2', properties: {} });
const forbidden = {
  collection: 'storage-accounts',
  scope: '/subscriptions/bbbb',
  reason: 'forbidden',
  needs: 'Reader',
} as const;

describe('parsing a collection', () => {
  it('keeps a whole list whole', () => {
    const parsed = parseCollection('storage-accounts', known([account('a'), account('b')]), parseStorageAccount);

    expect(parsed).toMatchObject({ state: 'known', items: [{ name: 'a' }, { name: 'b' }] });
  });

  it('makes a list partial, by subscription, for what does not parse', () => {
    const raw = known([account('a'), { ...account('b'), properties: null }, { ...account('c'), properties: null }]);

    expect(parseCollection('storage-accounts', raw, parseStorageAccount)).toMatchObject({
      state: 'partial',
      items: [{ name: 'a' }],
      gaps: [{ collection: 'storage-accounts', scope: '/subscriptions/aaaa', reason: 'malformed', needs: null }],
    });
  });

  it('makes a list partial over the tenant for an object without a subscription', () => {
    const parsed = parseCollection('oauth2-permission-grants', known([{ id: 5 }]), parseOAuth2PermissionGrant);

    expect(parsed).toEqual({
      state: 'partial',
      items: [],
      gaps: [{ collection: 'oauth2-permission-grants', scope: 'tenant', reason: 'malformed', needs: null }],
    });
  });

  it('keeps the gaps there are', () => {
    const raw = collected([{ id: 'x' }], [forbidden]);

    expect(parseCollection('storage-accounts', raw, parseStorageAccount)).toMatchObject({
      state: 'partial',
      gaps: [forbidden, { scope: 'tenant', reason: 'malformed' }],
    });
    expect(parseCollection('storage-accounts', unavailable(forbidden), parseStorageAccount)).toEqual(
      unavailable(forbidden),
    );
  });

  it('counts an object once that comes twice under ids of different case', () => {
    const again = { ...account('A'), id: account('a').id.toUpperCase() };

    expect(parseCollection('storage-accounts', known([account('a'), again]), parseStorageAccount)).toMatchObject({
      state: 'known',
      items: [{ name: 'a' }],
    });
  });

  it('says the same in whatever order the spellings of an object come', () => {
    const spellings = [account('a'), { ...account('A'), id: account('a').id.toUpperCase() }];

    expect(parseCollection('storage-accounts', known(spellings.toReversed()), parseStorageAccount)).toEqual(
      parseCollection('storage-accounts', known(spellings), parseStorageAccount),
    );
  });

  it('believes neither of two objects that contradict each other under one id', () => {
    const premium = { ...account('a'), kind: 'FileStorage' };
    const lists = [
      [account('a'), premium, account('b')],
      [premium, account('b'), account('a')],
      [account('a'), account('b'), premium, account('a')],
    ];

    for (const list of lists) {
      expect(parseCollection('storage-accounts', known(list), parseStorageAccount)).toMatchObject({
        state: 'partial',
        items: [{ name: 'b' }],
        gaps: [{ collection: 'storage-accounts', scope: '/subscriptions/aaaa', reason: 'malformed', needs: null }],
      });
    }
  });

  it('lets a fault of the parser itself through', () => {
    const fault = () => {
      throw new RangeError('a bug');
    };

    expect(() => parseCollection('storage-accounts', known([{}]), fault)).toThrow('a bug');
  });
});
