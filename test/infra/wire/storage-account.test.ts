import { describe, expect, it } from 'vitest';
import { parseStorageAccount } from '../../../infra/wire/storage-account.ts';

const subscription = 'A1B2C3D4-0000-4000-8000-000000000001';
const id = `/subscriptions/${subscription}/resourceGroups/RG-Profiles/providers/Microsoft.Storage/storageAccounts/contosoprofiles`;

const armAccount = {
  id,
  name: 'contosoprofiles',
  type: 'Microsoft.Storage/storageAccounts',
  location: 'westeurope',
  kind: 'StorageV2',
  sku: { name: 'Standard_LRS', tier: 'Standard' },
  tags: { env: 'Prod' },
  properties: {
    primaryEndpoints: {
      blob: 'https://contosoprofiles.blob.core.windows.net/',
      file: 'https://ContosoProfiles.z12.file.storage.azure.net/',
    },
    azureFilesIdentityBasedAuthentication: {
      directoryServiceOptions: 'AADKERB',
      activeDirectoryProperties: { domainName: 'corp.contoso.com', domainGuid: 'guid', domainSid: '' },
      defaultSharePermission: 'StorageFileDataSmbShareContributor',
      smbOAuthSettings: { isSmbOAuthEnabled: true },
    },
  },
};

function withIdentity(azureFilesIdentityBasedAuthentication: unknown) {
  return { ...armAccount, properties: { ...armAccount.properties, azureFilesIdentityBasedAuthentication } };
}

function withProperties(over: Readonly<Record<string, unknown>>) {
  return { ...armAccount, properties: { ...armAccount.properties, ...over } };
}

describe('a storage account from the wire', () => {
  it('takes ids, host and identity source from an ARM object', () => {
    const account = parseStorageAccount(armAccount);

    expect(account).toMatchObject({
      id,
      key: id.toLowerCase(),
      subscriptionId: subscription.toLowerCase(),
      resourceGroup: 'RG-Profiles',
      tenantId: null,
      tags: { env: 'Prod' },
      host: 'contosoprofiles.z12.file.storage.azure.net',
      directoryService: 'AADKERB',
      smbOAuthEnabled: true,
      defaultSharePermission: 'StorageFileDataSmbShareContributor',
    });
    expect(account.activeDirectory).toMatchObject({
      domainName: 'corp.contoso.com',
      domainSid: null,
      accountType: null,
    });
  });

  it('reads a Resource Graph row of the same account alike, its tenant added', () => {
    const row = {
      ...armAccount,
      type: 'microsoft.storage/storageaccounts',
      resourceGroup: 'rg-profiles',
      subscriptionId: subscription.toLowerCase(),
      tenantId: '0000AAAA-0000-4000-8000-00000000000F',
    };

    expect(parseStorageAccount(row)).toEqual({
      ...parseStorageAccount(armAccount),
      tenantId: '0000aaaa-0000-4000-8000-00000000000f',
    });
  });

  it.each([
    ['absent', undefined],
    ['null', null],
    ['empty', {}],
    ['None', { directoryServiceOptions: 'None' }],
    ['null inside', { directoryServiceOptions: null, activeDirectoryProperties: null, smbOAuthSettings: null }],
  ])('sees no identity source when it is %s', (_, identity) => {
    expect(parseStorageAccount(withIdentity(identity))).toMatchObject({
      directoryService: 'None',
      activeDirectory: null,
      smbOAuthEnabled: false,
      defaultSharePermission: null,
    });
  });

  it('keeps an identity source and a kind it does not know', () => {
    const account = parseStorageAccount({ ...withIdentity({ directoryServiceOptions: 'AADNEXT' }), kind: 'FileNext' });

    expect(account).toMatchObject({ directoryService: 'AADNEXT', kind: 'FileNext' });
  });

  it('takes null tags and an account without a file endpoint', () => {
    const account = parseStorageAccount({
      ...armAccount,
      tags: null,
      properties: { primaryEndpoints: { blob: 'https://x/' } },
    });

    expect(account).toMatchObject({ tags: {}, host: null });
  });

  it.each([
    ['2021-09-09T22:01:35.1234567Z', Date.UTC(2021, 8, 9, 22, 1, 35, 123)],
    ['2021-09-09T22:01:35Z', Date.UTC(2021, 8, 9, 22, 1, 35)],
    [null, null],
    [undefined, null],
  ])('was made at %s', (creationTime, expected) => {
    expect(parseStorageAccount(withProperties({ creationTime })).createdAt).toBe(expected);
  });

  it.each([
    [undefined, true],
    [null, true],
    [true, true],
    [false, false],
  ])('with allowSharedKeyAccess %s lets shared key in: %s', (allowSharedKeyAccess, expected) => {
    expect(parseStorageAccount(withProperties({ allowSharedKeyAccess })).sharedKeyAllowed).toBe(expected);
  });

  it.each([
    [undefined, null],
    [null, null],
    [{ blob: { enabled: false } }, null],
    [{ file: null }, null],
    [{ file: {} }, null],
    [{ file: { enabled: true } }, true],
    [{ blob: { enabled: true }, file: { enabled: false } }, false],
  ])('with allowSharedKeyAccessForServices %o lets shared key in to files: %s', (services, expected) => {
    const account = parseStorageAccount(withProperties({ allowSharedKeyAccessForServices: services }));
    expect(account.sharedKeyAllowedForFiles).toBe(expected);
  });

  it('has the connections of its private endpoints, of another subscription too', () => {
    const endpoint = '/subscriptions/OTHER/resourceGroups/Net/providers/Microsoft.Network/privateEndpoints/pe-files';
    const connection = {
      id: `${id}/privateEndpointConnections/contosoprofiles.0001`,
      name: 'contosoprofiles.0001',
      type: 'Microsoft.Storage/storageAccounts/privateEndpointConnections',
      properties: {
        provisioningState: 'Succeeded',
        privateEndpoint: { id: endpoint },
        privateLinkServiceConnectionState: { status: 'Approved', description: 'Auto-Approved', actionRequired: 'None' },
      },
    };
    const connections = [connection, { ...connection, properties: { privateEndpoint: null } }, { properties: null }];
    expect(
      parseStorageAccount(withProperties({ privateEndpointConnections: connections })).privateEndpointConnections,
    ).toEqual([
      { endpointKey: endpoint.toLowerCase(), status: 'Approved' },
      { endpointKey: null, status: null },
      { endpointKey: null, status: null },
    ]);
  });

  it('has no connections when the list is empty', () => {
    const { privateEndpointConnections } = parseStorageAccount(withProperties({ privateEndpointConnections: [] }));
    expect(privateEndpointConnections).toEqual([]);
  });

  it.each([undefined, null])('does not know its connections when the list is %o', (privateEndpointConnections) => {
    expect(parseStorageAccount(withProperties({ privateEndpointConnections })).privateEndpointConnections).toBeNull();
  });

  it.each([
    ['properties.creationTime', withProperties({ creationTime: 'lately' })],
    ['properties.allowSharedKeyAccess', withProperties({ allowSharedKeyAccess: 'false' })],
    ['properties', { ...armAccount, properties: undefined }],
    ['id', { ...armAccount, id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v' }],
    ['properties.primaryEndpoints.file', { ...armAccount, properties: { primaryEndpoints: { file: 'nowhere' } } }],
    [
      'properties.azureFilesIdentityBasedAuthentication.directoryServiceOptions',
      withIdentity({ directoryServiceOptions: 4 }),
    ],
  ])('names %s when it is not what ARM sends', (member, object) => {
    expect(() => parseStorageAccount(object)).toThrow(`storage account: ${member}: `);
  });
});
