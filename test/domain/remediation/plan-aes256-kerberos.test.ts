import { describe, expect, it } from 'vitest';
import { known, unavailable } from '../../../domain/model/collection.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { planAes256Kerberos } from '../../../domain/remediation/plan-aes256-kerberos.ts';
import type { Planned } from '../../../domain/remediation/planned.ts';
import type { WireObject } from '../../../infra/estate-source.ts';
import { account, fileService, gap, resources, situation } from '../build.ts';
import { contextOf, worldOf } from './apply-plan.ts';
import { callOf, planOf, whyNone } from './planned.ts';
import { wireFileService } from './wire-objects.ts';

function plan(service: WireObject, about: Partial<StorageAccount> = {}): Planned {
  return planAes256Kerberos(contextOf(worldOf({ fileServices: [service] }), { account: account(about) }));
}

const refusing = { authenticationMethods: 'NTLMv2;', kerberosTicketEncryption: 'RC4-HMAC' };

describe('The plan that allows Kerberos with AES-256', () => {
  it('puts all properties back as they came, with a word added to each list', () => {
    const service = wireFileService({}, refusing);
    const planned = plan(service);
    const url = `${account().key}/fileServices/default?api-version=2025-08-01`;
    const { properties } = service as { properties: { protocolSettings: { smb: object } } };
    const after = {
      ...properties,
      protocolSettings: {
        ...properties.protocolSettings,
        smb: {
          ...properties.protocolSettings.smb,
          authenticationMethods: 'NTLMv2;Kerberos;',
          kerberosTicketEncryption: 'RC4-HMAC;AES-256',
        },
      },
    };

    expect(planOf(planned)).toMatchObject({
      action: 'allow-aes256-kerberos',
      risk: 'disruptive',
      target: { type: 'storageAccount', id: account().key },
    });
    expect(callOf(planned)).toEqual({
      method: 'PUT',
      url,
      body: { properties: after },
      permission: 'Microsoft.Storage/storageAccounts/fileServices/write',
      reads: { url, expect: { '/properties': properties }, afterwards: { '/properties': after } },
      undo: { method: 'PUT', url, body: { properties } },
      before: refusing,
      after: { authenticationMethods: 'NTLMv2;Kerberos;', kerberosTicketEncryption: 'RC4-HMAC;AES-256' },
    });
  });

  it('leaves a list that is not set as it is, since that allows everything', () => {
    const planned = plan(wireFileService({}, { ...refusing, kerberosTicketEncryption: null }));
    expect(callOf(planned).after).toEqual({ authenticationMethods: 'NTLMv2;Kerberos;' });
  });

  it('keeps words that are not known here', () => {
    const planned = plan(wireFileService({}, { authenticationMethods: 'Telepathy' }));
    expect(callOf(planned).after).toEqual({ authenticationMethods: 'Telepathy;Kerberos' });
  });

  it('spells an id alike from Resource Graph and from ARM', () => {
    const odd = account({ id: account().id.toUpperCase() });
    expect(planOf(plan(wireFileService({}, refusing), odd)).calls).toEqual(
      planOf(plan(wireFileService({}, refusing))).calls,
    );
  });

  it.each<[string, WireObject, RegExp]>([
    ['nothing is set', wireFileService(), /allow Kerberos/],
    [
      'both words are there, in any case',
      wireFileService({}, { authenticationMethods: 'kerberos', kerberosTicketEncryption: 'aes-256' }),
      /allow Kerberos/,
    ],
    ['CORS rules were not in what was read', wireFileService({ cors: null }, refusing), /cors/],
    [
      'the retention was not in what was read',
      wireFileService({ shareDeleteRetentionPolicy: undefined }, refusing),
      /shareDeleteRetentionPolicy|properties/,
    ],
  ])('is none where %s', (_, service, why) => {
    expect(whyNone(plan(service))).toMatch(why);
  });

  it('is none where the file service was not read, or stored by a version that kept less of it', () => {
    const unread = resources({}, unavailable(gap('file-services')));
    const stored = resources({}, known([fileService({ authenticationMethods: ['NTLMv2'] })]));

    expect(whyNone(planAes256Kerberos(situation({ resources: unread })))).toMatch(/not read/);
    expect(whyNone(planAes256Kerberos(situation({ resources: stored })))).toMatch(/read it again/);
  });

  it.each<[string, Partial<StorageAccount>]>([
    ['has another identity source', { directoryService: 'AD' }],
    ['holds no SMB shares', { kind: 'BlobStorage' }],
  ])('is none for an account that %s', (_, over) => {
    expect(plan(wireFileService({}, refusing), over).kind).toBe('none');
  });
});
