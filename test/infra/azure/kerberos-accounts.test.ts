import { describe, expect, it } from 'vitest';
import { kerberosAccountIds } from '../../../infra/azure/kerberos-accounts.ts';

const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a';
const account = (directoryServiceOptions: unknown, kind = 'StorageV2') => ({
  id,
  kind,
  properties: { azureFilesIdentityBasedAuthentication: { directoryServiceOptions } },
});

describe('kerberosAccountIds', () => {
  it.each([
    ['StorageV2', 'AADKERB'],
    ['FileStorage', 'aadkerb'],
    ['Storage', 'AadKerb'],
    ['AKindOfTomorrow', 'AADKERB'],
  ])('takes an account of kind %s with source %s', (kind, source) => {
    expect(kerberosAccountIds([account(source, kind)])).toEqual([id]);
  });

  it.each([
    ['another source', account('AD')],
    ['no source', account(null)],
    ['no identity settings', { id, kind: 'StorageV2', properties: {} }],
    ['no properties', { id, kind: 'StorageV2' }],
    ['a kind without shares', account('AADKERB', 'BlobStorage')],
    ['a kind without shares, in another case', account('AADKERB', 'blockblobstorage')],
    ['an id that is none', { ...account('AADKERB'), id: '/subscriptions/s' }],
  ])('leaves out an account with %s', (_case, left) => {
    expect(kerberosAccountIds([left])).toEqual([]);
  });
});
