import { describe, expect, it } from 'vitest';
import { defaultSharePermissionNotElevated } from '../../../domain/rules/default-share-permission-not-elevated.ts';
import { account, guid, judge } from '../build.ts';

function withDefault(defaultSharePermission: string | null, tenantId = guid(1)) {
  return { account: account({ defaultSharePermission, tenantId }) };
}

describe('default-share-permission-not-elevated: the default lets nobody change or pass over access control lists', () => {
  it.each([null, 'None', 'none', 'StorageFileDataSmbShareReader', 'StorageFileDataSmbShareContributor'])(
    'is compliant with %s',
    (value) => {
      expect(judge(defaultSharePermissionNotElevated, withDefault(value))).toMatchObject({
        outcome: 'pass',
        evidence: { defaultSharePermission: value },
      });
    },
  );

  it.each([
    'StorageFileDataSmbShareElevatedContributor',
    'storagefiledatasmbshareelevatedcontributor',
    'StorageFileDataPrivilegedReader',
    'StorageFileDataPrivilegedContributor',
    'StorageFileDataSmbAdmin',
  ])('is not compliant with %s', (value) => {
    expect(judge(defaultSharePermissionNotElevated, withDefault(value))).toMatchObject({
      outcome: 'fail',
      severity: 'medium',
      evidence: { defaultSharePermission: value, readFrom: 'storage-accounts' },
    });
  });

  it('says what everybody has, and what it lets them do', () => {
    const title = (value: string | null) => judge(defaultSharePermissionNotElevated, withDefault(value)).title;
    expect(title(null)).toBe('No default share permission is set');
    expect(title('StorageFileDataSmbShareReader')).toBe('Default share permission is StorageFileDataSmbShareReader');
    expect(title('StorageFileDataSmbShareElevatedContributor')).toContain('may change access control lists');
    expect(title('StorageFileDataSmbAdmin')).toContain('access control lists hold nobody back');
  });

  it('could not be evaluated: the value is not known, and is shown as it came', () => {
    expect(judge(defaultSharePermissionNotElevated, withDefault('StorageFileDataSmbShareOwner'))).toMatchObject({
      outcome: 'unknown',
      severity: 'medium',
      evidence: { defaultSharePermission: 'StorageFileDataSmbShareOwner' },
      gaps: [],
    });
  });

  it.each([{ directoryService: 'AD' }, { directoryService: 'None' }, { kind: 'BlobStorage' }])(
    'does not apply to %o',
    (over) => {
      const elevated = { defaultSharePermission: 'StorageFileDataSmbShareElevatedContributor' };
      expect(judge(defaultSharePermissionNotElevated, { account: account({ ...elevated, ...over }) }).outcome).toBe(
        'not-applicable',
      );
    },
  );

  it('judges an account of another tenant than the directory that was read', () => {
    const elevated = withDefault('StorageFileDataSmbShareElevatedContributor', guid(9));
    expect(judge(defaultSharePermissionNotElevated, elevated).outcome).toBe('fail');
    expect(judge(defaultSharePermissionNotElevated, withDefault(null, guid(9))).outcome).toBe('pass');
  });
});
