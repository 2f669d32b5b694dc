import { describe, expect, it } from 'vitest';
import { parsePrivateEndpoint } from '../../../infra/wire/private-endpoint.ts';

const subscription = '/subscriptions/A1B2C3D4-0000-4000-8000-000000000001';
const id = `${subscription}/resourceGroups/RG-Net/providers/Microsoft.Network/privateEndpoints/pe-profiles`;
const account = `${subscription}/resourceGroups/RG-Profiles/providers/Microsoft.Storage/storageAccounts/contosoprofiles`;

function link(groupIds: unknown, status: unknown = 'Approved') {
  return {
    name: 'pe-profiles',
    id: `${id}/privateLinkServiceConnections/pe-profiles`,
    type: 'Microsoft.Network/privateEndpoints/privateLinkServiceConnections',
    properties: {
      provisioningState: 'Succeeded',
      privateLinkServiceId: account,
      groupIds,
      privateLinkServiceConnectionState: { status, description: 'Auto-Approved', actionsRequired: 'None' },
    },
  };
}

const endpoint = {
  id,
  name: 'pe-profiles',
  type: 'Microsoft.Network/privateEndpoints',
  location: 'westeurope',
  properties: {
    provisioningState: 'Succeeded',
    privateLinkServiceConnections: [link(['file'])],
    manualPrivateLinkServiceConnections: [],
    subnet: { id: `${subscription}/resourceGroups/RG-Net/providers/Microsoft.Network/virtualNetworks/v/subnets/s` },
    customDnsConfigs: [],
  },
};

function withLinks(properties: Readonly<Record<string, unknown>>) {
  return { ...endpoint, properties: { ...endpoint.properties, ...properties } };
}

describe('a private endpoint from the wire', () => {
  it('leads to its account, ids in lower case', () => {
    expect(parsePrivateEndpoint(endpoint)).toEqual({
      key: id.toLowerCase(),
      name: 'pe-profiles',
      links: [{ targetKey: account.toLowerCase(), groupIds: ['file'], status: 'Approved' }],
    });
  });

  it('reads a Resource Graph row of the same endpoint alike', () => {
    const row = {
      ...endpoint,
      type: 'microsoft.network/privateendpoints',
      resourceGroup: 'rg-net',
      subscriptionId: 'a1b2c3d4-0000-4000-8000-000000000001',
      tenantId: '0000aaaa-0000-4000-8000-00000000000f',
    };
    expect(parsePrivateEndpoint(row)).toEqual(parsePrivateEndpoint(endpoint));
  });

  it('has links that were approved by hand beside the others', () => {
    const both = withLinks({ manualPrivateLinkServiceConnections: [link(['Blob'], 'Pending')] });
    expect(parsePrivateEndpoint(both).links).toMatchObject([
      { groupIds: ['file'], status: 'Approved' },
      { groupIds: ['blob'], status: 'Pending' },
    ]);
  });

  it.each([undefined, null, []])('has no links by hand when the list is %o', (manual) => {
    expect(parsePrivateEndpoint(withLinks({ manualPrivateLinkServiceConnections: manual })).links).toHaveLength(1);
  });

  it.each([undefined, null, []])('says no sub-resource when groupIds is %o', (groupIds) => {
    const silent = withLinks({ privateLinkServiceConnections: [link(groupIds)] });
    expect(parsePrivateEndpoint(silent).links).toMatchObject([{ groupIds: [] }]);
  });

  it('keeps a status that is not known, and says null where there is none', () => {
    const strange = withLinks({ privateLinkServiceConnections: [link(['file'], 'Parked'), link(['file'], null)] });
    expect(parsePrivateEndpoint(strange).links.map(({ status }) => status)).toEqual(['Parked', null]);
  });

  it.each([
    ['id', { ...endpoint, id: undefined }],
    ['properties', { ...endpoint, properties: undefined }],
    [
      'properties.manualPrivateLinkServiceConnections.0.properties.privateLinkServiceId',
      withLinks({ manualPrivateLinkServiceConnections: [{ properties: { groupIds: ['file'] } }] }),
    ],
    [
      'properties.privateLinkServiceConnections.0.properties.groupIds',
      withLinks({ privateLinkServiceConnections: [link('file')] }),
    ],
  ])('names %s when it is not what ARM sends', (member, object) => {
    expect(() => parsePrivateEndpoint(object)).toThrow(`private endpoint: ${member}: `);
  });
});
