import type { RulePage } from './page.ts';

export const accountSupportsSmbPage: RulePage = {
  rule: 'account-supports-smb',
  why: 'Accounts are often made from a template that sets the identity source for all of them.',
  affected: 'Whoever was told to use a share there. People who use the account for blobs notice nothing.',
  reading:
    'From `kind` and `primaryEndpoints.file` of every account with an identity source, whichever it is. `StorageV2`, `FileStorage` and the classic `Storage` hold SMB shares; `BlobStorage` and `BlockBlobStorage` hold none. The SKU is not asked: `Premium_LRS` may be of either sort. A premium page-blob account is a `StorageV2` without a file endpoint.',
  outcomes: [
    { when: 'a kind that holds SMB shares, with a file endpoint', outcome: 'pass', severity: null },
    { when: '`BlobStorage` or `BlockBlobStorage`', outcome: 'fail', severity: 'high' },
    { when: 'a kind that holds SMB shares, without a file endpoint', outcome: 'fail', severity: 'high' },
    { when: 'no identity source', outcome: 'not-applicable', severity: null },
  ],
  unknown: 'The kind, or the identity source, is a value that is not known here. No permission mends it.',
  fix: {
    before:
      'The kind of an account cannot be changed, but for `BlobStorage` and `Storage` to `StorageV2`, and never back.',
    portal:
      'Create a storage account (Standard general-purpose v2, or Premium with File shares), create the shares there and set up identity-based access; then on this one: Configuration → Upgrade where it is offered, or leave it to its blobs without an identity source.',
    azureCli:
      '`az storage account create -n NEW_NAME -g GROUP --kind StorageV2 --sku Standard_LRS --enable-files-aadkerb true`; a BlobStorage account can be upgraded: `az storage account update -n NAME -g GROUP --set kind=StorageV2 accessTier=Hot`. To clear the identity source here: `az storage account update -n NAME -g GROUP --enable-files-aadkerb false`',
    powerShell:
      '`New-AzStorageAccount -ResourceGroupName GROUP -Name NEW_NAME -Location LOCATION -SkuName Standard_LRS -Kind StorageV2 -EnableAzureActiveDirectoryKerberosForFile $true`, or `Set-AzStorageAccount -ResourceGroupName GROUP -Name NAME -UpgradeToStorageV2`; to clear the identity source: `Set-AzStorageAccount -ResourceGroupName GROUP -Name NAME -EnableAzureActiveDirectoryKerberosForFile $false`',
    graph:
      'not there; with ARM, `PATCH {account}?api-version=2025-08-01` with `{ "properties": { "azureFilesIdentityBasedAuthentication": { "directoryServiceOptions": "None" } } }`',
    after: 'A new account has a new storage app: grant consent, and exclude the app from Conditional Access.',
  },
  undo: 'Set the identity source again with the properties it had. An upgrade to StorageV2 cannot be undone.',
  sources: [
    {
      title: 'Storage account overview: types of storage accounts',
      url: 'https://learn.microsoft.com/azure/storage/common/storage-account-overview',
    },
    {
      title: 'Upgrade to a general-purpose v2 storage account',
      url: 'https://learn.microsoft.com/azure/storage/common/storage-account-upgrade',
    },
  ],
};
