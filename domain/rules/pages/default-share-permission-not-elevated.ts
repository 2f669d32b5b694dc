import type { RulePage } from './page.ts';

export const defaultSharePermissionNotElevatedPage: RulePage = {
  rule: 'default-share-permission-not-elevated',
  why: 'Where a role is assigned as well, the higher of the two counts, so a role cannot hold anybody below the default.',
  affected:
    'Nobody is locked out. Whoever can sign in and reach the account has more than they need, on all of its shares.',
  reading:
    'From `defaultSharePermission` of the account, compared without case; not set is `None`. Whether a default permission is there at all is asked by [share-permission-assigned](share-permission-assigned.md).',
  outcomes: [
    {
      when: 'not set, `None`, `StorageFileDataSmbShareReader` or `StorageFileDataSmbShareContributor`',
      outcome: 'pass',
      severity: null,
    },
    {
      when: '`StorageFileDataSmbShareElevatedContributor`: everybody may change access control lists',
      outcome: 'fail',
      severity: 'medium',
    },
    {
      when: '`StorageFileDataPrivilegedReader`, `StorageFileDataPrivilegedContributor` or `StorageFileDataSmbAdmin`: access control lists hold nobody back',
      outcome: 'fail',
      severity: 'medium',
    },
    { when: 'another identity source, or a kind without SMB shares', outcome: 'not-applicable', severity: null },
  ],
  unknown:
    'The permission, or the identity source, is a value that is not known here; the finding shows it as it came.',
  fix: {
    before:
      'First give those who set access control lists a role of their own: Storage File Data SMB Share Elevated Contributor, or Storage File Data SMB Admin, on the account or a share. Cloud-only users cannot have one.',
    portal:
      'Storage account → Data storage → File shares → Identity-based access → Set share-level permissions: choose Storage File Data SMB Share Contributor, or Disable permissions.',
    azureCli:
      '`az storage account update -n NAME -g GROUP --default-share-permission StorageFileDataSmbShareContributor`',
    powerShell:
      '`Set-AzStorageAccount -ResourceGroupName GROUP -Name NAME -DefaultSharePermission StorageFileDataSmbShareContributor`',
    graph:
      'not there; with ARM, `PATCH {account}?api-version=2025-08-01` with `{ "properties": { "azureFilesIdentityBasedAuthentication": { "directoryServiceOptions": "AADKERB", "defaultSharePermission": "StorageFileDataSmbShareContributor" } } }`, and the `activeDirectoryProperties` that are there',
    after:
      'New connections have the lower permission within 30 minutes. What was changed in access control lists before stays changed.',
  },
  undo: 'Set the former value, which is in the evidence, in the same way.',
  sources: [
    {
      title: 'Assign share-level permissions for Azure file shares',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-identity-assign-share-level-permissions',
    },
    {
      title: 'Configure directory and file-level permissions',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-identity-configure-file-level-permissions',
    },
  ],
};
