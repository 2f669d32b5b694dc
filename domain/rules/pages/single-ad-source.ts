import type { RulePage } from './page.ts';

export const singleAdSourcePage: RulePage = {
  rule: 'single-ad-source',
  why: '`directoryServiceOptions` holds one value, so a second source shows as what it left behind.',
  affected:
    'Nobody at once. Whoever switches the source next, or runs a tool that trusts the leftovers, meets the trouble.',
  reading:
    'In the order of the table; what settings expect is looked at first. An account on `AADKERB` is judged by itself alone; for the other sources a storage app is looked for in the directory.',
  outcomes: [
    {
      when: '`AADKERB` and clean (`domainName` and `domainGuid` belong to it)',
      outcome: 'pass',
      severity: null,
    },
    {
      when: 'settings (`expectedSource`) name another source for this account',
      outcome: 'fail',
      severity: 'high',
    },
    { when: 'a kind of account that cannot hold SMB shares', outcome: 'not-applicable', severity: null },
    {
      when: '`AADKERB` with AD DS properties left (`accountType`, SIDs, `forestName`, `netBiosDomainName`, `samAccountName`)',
      outcome: 'warn',
      severity: 'medium',
    },
    { when: '`AADKERB` with SMB OAuth for managed identities on', outcome: 'warn', severity: 'medium' },
    { when: '`AD`, `AADDS` or none, with a storage app alive in Entra', outcome: 'warn', severity: 'medium' },
    { when: '`AD` or `AADDS`, without one', outcome: 'pass', severity: null },
    { when: 'no source, without one', outcome: 'not-applicable', severity: null },
  ],
  unknown:
    'The source is a value that Kerbwatch does not know; or the source is `AD`, `AADDS` or none, no app was seen, and one of the two directory lists was not read whole (`Application.Read.All` is needed); or the account belongs to another tenant than the directory that was read.',
  fix: {
    before:
      'Decide which source is the right one. Save `domainName`, `domainGuid` and `defaultSharePermission` first: a switch can lose them, and **all identity-based access over SMB stops between off and on**.',
    portal:
      'storage account → Data storage → File shares → Identity-based access: switch the wrong source off, the right one on.',
    azureCli:
      '`az storage account update -n NAME -g GROUP --enable-files-adds false`, then `az storage account update -n NAME -g GROUP --enable-files-aadkerb true --domain-name DOMAIN --domain-guid GUID`, then what was saved: `az storage account update -n NAME -g GROUP --default-share-permission PERMISSION`',
    powerShell:
      '`Set-AzStorageAccount -ResourceGroupName GROUP -Name NAME -EnableActiveDirectoryDomainServicesForFile $false`, then `Set-AzStorageAccount -ResourceGroupName GROUP -Name NAME -EnableAzureActiveDirectoryKerberosForFile $true -ActiveDirectoryDomainName DOMAIN -ActiveDirectoryDomainGuid GUID`, then what was saved: `Set-AzStorageAccount -ResourceGroupName GROUP -Name NAME -DefaultSharePermission PERMISSION`',
    graph:
      'for an app left alive on an account that uses another source for good, `DELETE /v1.0/applications/{object id}`.',
    after:
      'Switching Entra Kerberos off and on makes a new app: consent, private link names, tags and Conditional Access exclusions have to be made again. Whether switching to none clears the AD DS properties is not documented; read the account afterwards.',
  },
  undo: "Set the former source with the saved properties; for AD DS the computer object's password must still match the account's Kerberos key. A deleted application can be restored for 30 days (`POST /v1.0/directory/deletedItems/{id}/restore`).",
  sources: [
    {
      title: 'Change the identity source of a storage account',
      url: 'https://learn.microsoft.com/azure/storage/files/change-identity-source',
    },
    {
      title: 'Managed identities over SMB',
      url: 'https://learn.microsoft.com/azure/storage/files/files-managed-identities',
    },
  ],
};
