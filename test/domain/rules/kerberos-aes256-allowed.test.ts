import { describe, expect, it } from 'vitest';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import type { FileService } from '../../../domain/model/resources.ts';
import { kerberosAes256Allowed } from '../../../domain/rules/kerberos-aes256-allowed.ts';
import { account, fileService, gap, guid, judge, resources } from '../build.ts';

function withSmb(over: Partial<FileService>) {
  return { resources: resources({}, known([fileService(over)])) };
}

describe('kerberos-aes256-allowed: SMB settings allow Kerberos and AES-256 tickets', () => {
  it.each<[string, Partial<FileService>]>([
    ['nothing is set, which allows everything', { authenticationMethods: null, kerberosTicketEncryption: null }],
    ['both are named', { authenticationMethods: ['Kerberos'], kerberosTicketEncryption: ['AES-256'] }],
    ['both are named in another case', { authenticationMethods: ['KERBEROS'], kerberosTicketEncryption: ['aes-256'] }],
    [
      'both stand beside older ones',
      { authenticationMethods: ['NTLMv2', 'Kerberos'], kerberosTicketEncryption: ['RC4-HMAC', 'AES-256'] },
    ],
    ['AES-256 stands beside a word that is not known', { kerberosTicketEncryption: ['AES-512', 'AES-256'] }],
  ])('is compliant: %s', (_says, smb) => {
    expect(judge(kerberosAes256Allowed, withSmb(smb))).toMatchObject({ outcome: 'pass', severity: 'critical' });
  });

  it.each<[string, Partial<FileService>, string]>([
    ['only RC4 tickets', { kerberosTicketEncryption: ['RC4-HMAC'] }, 'do not allow AES-256 tickets:'],
    ['only tickets that are not known', { kerberosTicketEncryption: ['AES-2560'] }, 'do not allow AES-256 tickets:'],
    ['only NTLMv2', { authenticationMethods: ['NTLMv2'] }, 'do not allow Kerberos:'],
    [
      'neither',
      { authenticationMethods: ['NTLMv2'], kerberosTicketEncryption: ['RC4-HMAC'] },
      'do not allow Kerberos and AES-256 tickets:',
    ],
  ])('is not compliant with %s, and the title says so', (_says, smb, words) => {
    const verdict = judge(kerberosAes256Allowed, withSmb(smb));
    expect(verdict).toMatchObject({ outcome: 'fail', severity: 'critical', evidence: { readFrom: 'file-services' } });
    expect(verdict.title).toContain(words);
  });

  it('shows the deciding lists sorted, and null where nothing is set', () => {
    const smb = { authenticationMethods: ['NTLMv2', 'Kerberos'], kerberosTicketEncryption: null };
    expect(judge(kerberosAes256Allowed, withSmb(smb)).evidence).toEqual({
      authenticationMethods: ['Kerberos', 'NTLMv2'],
      kerberosTicketEncryption: null,
      readFrom: 'file-services',
    });
  });

  it.each([
    ['another source', { directoryService: 'AD' }],
    ['no source', { directoryService: 'None' }],
    ['a kind without SMB shares', { kind: 'BlockBlobStorage' }],
  ])('does not apply to %s', (_says, over) => {
    expect(judge(kerberosAes256Allowed, { account: account(over) }).outcome).toBe('not-applicable');
  });

  it('judges a kind that is not known, and says so', () => {
    expect(judge(kerberosAes256Allowed, { account: account({ kind: 'FileNext' }) })).toMatchObject({
      outcome: 'pass',
      evidence: { unknownKind: 'FileNext' },
    });
  });

  it('judges an account of another tenant than the directory that was read', () => {
    const foreign = account({ tenantId: guid(9) });
    const smb = withSmb({ kerberosTicketEncryption: ['RC4-HMAC'] });
    expect(judge(kerberosAes256Allowed, { account: foreign }).outcome).toBe('pass');
    expect(judge(kerberosAes256Allowed, { account: foreign, ...smb }).outcome).toBe('fail');
  });

  it('leaves an identity source that is not known to single-ad-source', () => {
    const strange = account({ directoryService: 'AADNEXT' });
    expect(judge(kerberosAes256Allowed, { account: strange }).outcome).toBe('not-applicable');
  });

  it('could not be evaluated: the file service was not read', () => {
    const unread = resources({}, unavailable(gap('file-services')));
    expect(judge(kerberosAes256Allowed, { resources: unread })).toMatchObject({
      outcome: 'unknown',
      severity: 'critical',
      gaps: [gap('file-services')],
    });
  });

  it('could not be evaluated: the file service is not in a list that says it is whole', () => {
    expect(judge(kerberosAes256Allowed, { resources: resources({}, known([])) })).toMatchObject({
      outcome: 'unknown',
      gaps: [],
    });
  });

  it('counts what a partial list shows', () => {
    const partial = (smb: Partial<FileService>) => resources({}, collected([fileService(smb)], [gap('file-services')]));
    expect(judge(kerberosAes256Allowed, { resources: partial({}) }).outcome).toBe('pass');
    const broken = partial({ authenticationMethods: ['NTLMv2'] });
    expect(judge(kerberosAes256Allowed, { resources: broken })).toMatchObject({ outcome: 'fail', gaps: [] });
  });
});
