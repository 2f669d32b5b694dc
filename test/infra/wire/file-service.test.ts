import { describe, expect, it } from 'vitest';
import { parseFileService } from '../../../infra/wire/file-service.ts';

const account =
  '/subscriptions/A1B2C3D4-0000-4000-8000-000000000001/resourceGroups/RG-Profiles/providers/Microsoft.Storage/storageAccounts/contosoprofiles';

const fileService = {
  sku: { name: 'Standard_LRS', tier: 'Standard' },
  id: `${account}/fileServices/default`,
  name: 'default',
  type: 'Microsoft.Storage/storageAccounts/fileServices',
  properties: {
    protocolSettings: {
      smb: {
        versions: 'SMB3.0;SMB3.1.1;',
        authenticationMethods: 'NTLMv2;Kerberos;',
        kerberosTicketEncryption: 'AES-256',
        channelEncryption: 'AES-256-GCM',
      },
    },
    cors: { corsRules: [] },
    shareDeleteRetentionPolicy: { enabled: true, days: 7 },
  },
};

function withProtocols(protocolSettings: unknown) {
  return { ...fileService, properties: { ...fileService.properties, protocolSettings } };
}

describe('a file service from the wire', () => {
  it('belongs to its account, by the lower-case id', () => {
    expect(parseFileService(fileService).accountKey).toBe(account.toLowerCase());
  });

  it('has its lists parted at the semicolons, one at the end too', () => {
    expect(parseFileService(fileService)).toMatchObject({
      authenticationMethods: ['NTLMv2', 'Kerberos'],
      kerberosTicketEncryption: ['AES-256'],
    });
  });

  it('keeps words that are not known, without the blanks around them', () => {
    const smb = { authenticationMethods: ' Kerberos ; NTLMv3', kerberosTicketEncryption: 'aes-256' };
    expect(parseFileService(withProtocols({ smb }))).toMatchObject({
      authenticationMethods: ['Kerberos', 'NTLMv3'],
      kerberosTicketEncryption: ['aes-256'],
    });
  });

  it.each([
    ['no protocol settings', undefined],
    ['null protocol settings', null],
    ['no SMB settings', {}],
    ['empty SMB settings', { smb: {} }],
    ['null SMB settings', { smb: null }],
    ['null lists', { smb: { authenticationMethods: null, kerberosTicketEncryption: null } }],
    ['empty lists', { smb: { authenticationMethods: '', kerberosTicketEncryption: ';' } }],
  ])('says null, which allows everything, with %s', (_says, protocolSettings) => {
    expect(parseFileService(withProtocols(protocolSettings))).toMatchObject({
      authenticationMethods: null,
      kerberosTicketEncryption: null,
    });
  });

  it('takes a lower-case id, as events write it', () => {
    expect(parseFileService({ ...fileService, id: fileService.id.toLowerCase() }).accountKey).toBe(
      account.toLowerCase(),
    );
  });

  it.each([
    ['id', { ...fileService, id: `${account}/blobServices/default` }],
    ['id', { ...fileService, id: `${account}/fileServices/default/shares/profiles` }],
    ['id', { ...fileService, id: undefined }],
    ['properties', { ...fileService, properties: undefined }],
    [
      'properties.protocolSettings.smb.authenticationMethods',
      withProtocols({ smb: { authenticationMethods: ['Kerberos'] } }),
    ],
  ])('names %s when it is not what ARM sends', (member, object) => {
    expect(() => parseFileService(object)).toThrow(`file service: ${member}: `);
  });

  it('keeps all properties as they came, those that are not known too', () => {
    const properties = { ...fileService.properties, cors: null, somethingNew: { days: [1] } };
    expect(parseFileService({ ...fileService, properties }).asRead).toEqual(properties);
  });
});
