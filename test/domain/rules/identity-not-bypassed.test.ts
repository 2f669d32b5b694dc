import { describe, expect, it } from 'vitest';
import { known, unavailable } from '../../../domain/model/collection.ts';
import type { FileService } from '../../../domain/model/resources.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { identityNotBypassed } from '../../../domain/rules/identity-not-bypassed.ts';
import { account, fileService, gap, guid, judge, resources } from '../build.ts';

const closed = { sharedKeyAllowed: false, sharedKeyAllowedForFiles: null };

function judged(over: Partial<StorageAccount>, smb: Partial<FileService> = {}) {
  return judge(identityNotBypassed, {
    account: account({ ...closed, ...over }),
    resources: resources({}, known([fileService(smb)])),
  });
}

describe('identity-not-bypassed: files can be reached with an identity only', () => {
  it.each<[string, Partial<StorageAccount>]>([
    ['for the whole account', {}],
    ['for files alone', { sharedKeyAllowed: true, sharedKeyAllowedForFiles: false }],
    ['for the whole account, whatever is said of files', { sharedKeyAllowedForFiles: true }],
  ])('is compliant when shared key is closed %s and SMB takes Kerberos alone', (_says, over) => {
    expect(judged(over, { authenticationMethods: ['kerberos'] }).outcome).toBe('pass');
  });

  it.each<[string, Partial<StorageAccount>, Partial<FileService>, string]>([
    ['shared key', { sharedKeyAllowed: true }, {}, 'shared key is open'],
    ['shared key', { sharedKeyAllowed: true, sharedKeyAllowedForFiles: true }, {}, 'shared key is open'],
    ['NTLMv2', {}, { authenticationMethods: ['Kerberos', 'ntlmv2'] }, 'NTLMv2 is open'],
    ['NTLMv2, where nothing is set', {}, { authenticationMethods: null }, 'NTLMv2 is open'],
    ['both', { sharedKeyAllowed: true }, { authenticationMethods: null }, 'shared key and NTLMv2 are open'],
    ['NTLMv2 beside a method that is not known', {}, { authenticationMethods: ['NTLMv2', 'OAuth'] }, 'NTLMv2 is open'],
  ])('warns of %s', (_says, over, smb, words) => {
    const verdict = judged(over, smb);
    expect(verdict).toMatchObject({ outcome: 'warn', severity: 'info' });
    expect(verdict.title).toContain(words);
  });

  it('warns of what was seen open though the file service was not read, and does not name it as read', () => {
    const unread = resources({}, unavailable(gap('file-services')));
    expect(
      judge(identityNotBypassed, { account: account({ sharedKeyAllowed: true }), resources: unread }),
    ).toMatchObject({
      outcome: 'warn',
      evidence: { authenticationMethods: null, readFrom: ['storage-accounts'] },
      gaps: [],
    });
  });

  it('shows the deciding values', () => {
    expect(judged({ sharedKeyAllowed: true, sharedKeyAllowedForFiles: false }).evidence).toEqual({
      allowSharedKeyAccess: true,
      allowSharedKeyAccessForFiles: false,
      authenticationMethods: ['Kerberos'],
      readFrom: ['storage-accounts', 'file-services'],
    });
  });

  it('could not be evaluated: shared key is closed and the file service was not read', () => {
    const unread = resources({}, unavailable(gap('file-services')));
    expect(judge(identityNotBypassed, { account: account(closed), resources: unread })).toMatchObject({
      outcome: 'unknown',
      severity: 'info',
      gaps: [gap('file-services')],
    });
  });

  it('could not be evaluated: an SMB method is not known, which may need no identity', () => {
    const verdict = judged({}, { authenticationMethods: ['Kerberos', 'NTLMv3'] });
    expect(verdict).toMatchObject({ outcome: 'unknown', gaps: [] });
    expect(verdict.title).toContain('‹NTLMv3›');
  });

  it.each([{ directoryService: 'AD' }, { kind: 'BlobStorage' }])('does not apply to %o', (over) => {
    expect(judged({ sharedKeyAllowed: true, ...over }).outcome).toBe('not-applicable');
  });

  it('judges an account of another tenant than the directory that was read', () => {
    expect(judged({ tenantId: guid(9) }).outcome).toBe('pass');
    expect(judged({ tenantId: guid(9), sharedKeyAllowed: true }).outcome).toBe('warn');
  });
});
