import type { RulePage } from './page.ts';

export const identityNotBypassedPage: RulePage = {
  rule: 'identity-not-bypassed',
  why: 'It is advice, not a fault: both are open on a new account, and backup, deployment or the first access control lists may rest on them.',
  affected:
    'Nobody is locked out. Whoever holds a key of the account, or may list its keys, reaches every file without a trace of who it was.',
  reading:
    'Shared key is open for files unless `allowSharedKeyAccess` is false or `allowSharedKeyAccessForServices.file.enabled` is false; absent means open. NTLMv2 is open unless `authenticationMethods` in the SMB settings of the file service is set and leaves it out. Words are compared without case. Keys are never read. A public share, SAS tokens or NFS are not looked at.',
  outcomes: [
    { when: 'shared key, NTLMv2, or both are open; the title says which', outcome: 'warn', severity: 'info' },
    { when: 'shared key is closed, and SMB takes Kerberos alone', outcome: 'pass', severity: null },
    { when: 'another identity source, or a kind without SMB shares', outcome: 'not-applicable', severity: null },
  ],
  unknown:
    'Shared key is closed and the file service was not read, which takes `Microsoft.Storage/storageAccounts/fileServices/read` (Reader on the subscription holds it); or its list names a method that is not known here. One that was seen open is a warning, whatever else was not read.',
  fix: {
    before:
      'Find out what uses the key: the metric Transactions of the account, split by Authentication, shows AccountKey and SAS. Without shared key, SAS tokens signed with it, Storage Explorer with a key, and tools that mount with it stop working. Access control lists can be set without it by the role Storage File Data SMB Admin.',
    portal:
      'Storage account → Settings → Configuration → Allow storage account key access: Disabled. Then Data storage → File shares → File share settings → Security → Custom: clear NTLMv2.',
    azureCli:
      '`az storage account update -n NAME -g GROUP --allow-shared-key-access false`, then `az storage account file-service-properties update -n NAME -g GROUP --auth-methods Kerberos`',
    powerShell:
      '`Set-AzStorageAccount -ResourceGroupName GROUP -Name NAME -AllowSharedKeyAccess $false`, then `Update-AzStorageFileServiceProperty -ResourceGroupName GROUP -StorageAccountName NAME -SmbAuthenticationMethod Kerberos`',
    graph:
      'not there; with ARM, `PATCH {account}?api-version=2025-08-01` with `{ "properties": { "allowSharedKeyAccess": false } }`, then `PUT {account}/fileServices/default` with all that a GET shows and `"authenticationMethods": "Kerberos"`',
    after: 'Changed SMB settings end open connections; those with an identity come back by themselves.',
  },
  undo: 'Set `allowSharedKeyAccess` to true, and `authenticationMethods` to `NTLMv2;Kerberos`, in the same way.',
  sources: [
    {
      title: 'Prevent Shared Key authorization for a storage account',
      url: 'https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent',
    },
    {
      title: 'SMB file shares in Azure Files: security settings',
      url: 'https://learn.microsoft.com/azure/storage/files/files-smb-protocol',
    },
  ],
};
