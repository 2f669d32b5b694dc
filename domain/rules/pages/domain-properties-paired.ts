import type { RulePage } from './page.ts';

export const domainPropertiesPairedPage: RulePage = {
  rule: 'domain-properties-paired',
  why: 'Mounts need neither property, nor does setting ACLs with `icacls` from a client that reaches a domain controller.',
  affected:
    'Administrators who set permissions on files and folders from File Explorer. Users of the shares notice nothing.',
  reading:
    "`activeDirectoryProperties.domainName` and `domainGuid` of an account that uses Entra Kerberos; empty counts as not set. Whether they are those of the right domain cannot be seen from the cloud. Other AD DS properties are [single-ad-source](single-ad-source.md)'s business.",
  outcomes: [
    { when: 'neither is set', outcome: 'pass', severity: null },
    { when: 'both are set, and `domainGuid` is a GUID', outcome: 'pass', severity: null },
    { when: 'one without the other', outcome: 'fail', severity: 'low' },
    { when: 'a `domainGuid` that is no GUID', outcome: 'fail', severity: 'low' },
    {
      when: 'an account that does not use Entra Kerberos, or of a kind that cannot hold SMB shares',
      outcome: 'not-applicable',
      severity: null,
    },
  ],
  unknown:
    'The identity source of the account is a value that Kerbwatch does not know. Accounts that were not read (Reader on the subscription is needed) have no verdict.',
  fix: {
    before:
      'On a client joined to the domain, `Get-ADDomain` shows both: `DNSRoot` is the name, `ObjectGUID` the GUID. Changing them interrupts nobody.',
    portal:
      'storage account → Data storage → File shares → Identity-based access → Microsoft Entra Kerberos: fill in domain name and domain GUID, or clear both → Save.',
    azureCli:
      '`az storage account update -n NAME -g GROUP --enable-files-aadkerb true --domain-name DOMAIN --domain-guid GUID`',
    powerShell:
      '`Set-AzStorageAccount -ResourceGroupName GROUP -Name NAME -EnableAzureActiveDirectoryKerberosForFile $true -ActiveDirectoryDomainName DOMAIN -ActiveDirectoryDomainGuid GUID`',
    graph:
      'not a matter of the directory; by Azure Resource Manager: `PATCH {account}?api-version=2025-08-01` with `{ "properties": { "azureFilesIdentityBasedAuthentication": { "directoryServiceOptions": "AADKERB", "activeDirectoryProperties": { "domainName": "DOMAIN", "domainGuid": "GUID" }, "defaultSharePermission": "AS_READ" } } }`',
    after: 'Read the account again: `defaultSharePermission` and `smbOAuthSettings` have to be what they were.',
  },
  undo: 'Set the former values in the same way.',
  sources: [
    {
      title: 'Enable Microsoft Entra Kerberos: domain name and domain GUID',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-identity-auth-hybrid-identities-enable',
    },
    {
      title: 'Configure directory and file-level permissions',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-identity-configure-file-level-permissions',
    },
  ],
};
