import { describe, expect, it } from 'vitest';
import { accountSupportsSmb } from '../../../domain/rules/account-supports-smb.ts';
import { account, guid, host, judge } from '../build.ts';

describe('account-supports-smb: an account with an identity source can hold SMB shares', () => {
  it.each([
    ['AADKERB', 'StorageV2'],
    ['AD', 'FileStorage'],
    ['AADDS', 'Storage'],
    ['aadkerb', 'storagev2'],
  ])('is compliant with source %s on kind %s', (directoryService, kind) => {
    expect(judge(accountSupportsSmb, { account: account({ directoryService, kind }) })).toMatchObject({
      outcome: 'pass',
      evidence: { directoryServiceOptions: directoryService, kind, host },
    });
  });

  it.each([
    ['AADKERB', 'BlobStorage'],
    ['AD', 'BlockBlobStorage'],
    ['AADDS', 'BlobStorage'],
  ])('is not compliant with source %s on kind %s', (directoryService, kind) => {
    const verdict = judge(accountSupportsSmb, { account: account({ directoryService, kind }) });
    expect(verdict).toMatchObject({
      outcome: 'fail',
      severity: 'high',
      evidence: { directoryServiceOptions: directoryService, kind, host, readFrom: 'storage-accounts' },
    });
    expect(verdict.title).toContain(kind);
  });

  it('is not compliant without a file endpoint', () => {
    const verdict = judge(accountSupportsSmb, { account: account({ host: null }) });
    expect(verdict).toMatchObject({ outcome: 'fail', severity: 'high', evidence: { host: null } });
    expect(verdict.title).toContain('no file endpoint');
  });

  it.each(['None', 'none'])('does not apply without an identity source (%s), whatever the kind', (directoryService) => {
    const over = { directoryService, kind: 'BlobStorage', host: null };
    expect(judge(accountSupportsSmb, { account: account(over) }).outcome).toBe('not-applicable');
  });

  it.each([
    ['the source is not known', { directoryService: 'AADNEXT' }],
    ['the source is not known, on a kind without shares', { directoryService: 'AADNEXT', kind: 'BlobStorage' }],
    ['the kind is not known', { kind: 'FileNext' }],
    ['the kind is not said', { kind: '' }],
  ])('could not be evaluated: %s', (_says, over) => {
    const given = account(over);
    expect(judge(accountSupportsSmb, { account: given })).toMatchObject({
      outcome: 'unknown',
      severity: 'high',
      gaps: [],
      evidence: { directoryServiceOptions: given.directoryService, kind: given.kind, host },
    });
  });

  it('judges an account of another tenant than the directory that was read', () => {
    expect(judge(accountSupportsSmb, { account: account({ tenantId: guid(9) }) }).outcome).toBe('pass');
    const blobs = account({ tenantId: guid(9), kind: 'BlobStorage' });
    expect(judge(accountSupportsSmb, { account: blobs }).outcome).toBe('fail');
  });
});
