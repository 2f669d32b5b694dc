import type { RulePage } from './page.ts';

export const kerberosAes256AllowedPage: RulePage = {
  rule: 'kerberos-aes256-allowed',
  why: 'The usual cause is a hardening template, or settings that were made for AD DS accounts with RC4 keys. The ticket itself is issued, so nothing shows in the sign-in logs.',
  affected: 'Everyone who mounts a share of the account with Entra Kerberos, at the next connection.',
  reading:
    'From `protocolSettings.smb` of the file service: `authenticationMethods` has to hold `Kerberos`, and `kerberosTicketEncryption` has to hold `AES-256`, compared without case. A list that is not set allows everything. Other words in a list do no harm. Accounts with another identity source than Entra Kerberos, and kinds that hold no SMB shares, are not looked at.',
  outcomes: [
    { when: 'both lists are not set, or name `Kerberos` and `AES-256`', outcome: 'pass', severity: null },
    {
      when: '`kerberosTicketEncryption` is set and leaves out `AES-256`',
      outcome: 'fail',
      severity: 'critical',
    },
    { when: '`authenticationMethods` is set and leaves out `Kerberos`', outcome: 'fail', severity: 'critical' },
    { when: 'another identity source, or a kind without SMB shares', outcome: 'not-applicable', severity: null },
  ],
  unknown:
    'The file service was not read: it takes `Microsoft.Storage/storageAccounts/fileServices/read`, which Reader on the subscription holds. In a snapshot, `file-services.ndjson` has to have the account. Or the identity source is a value that is not known here.',
  fix: {
    before:
      'A change of SMB settings ends open connections: choose a quiet hour. Write only the list that is at fault, and keep the words that are there. Mind that `NTLMv2` in `authenticationMethods` lets people mount with the account key: do not add it where it is not.',
    portal:
      'Storage account → Data storage → File shares → File share settings → Security: Profile Maximum compatibility or Maximum security, or Custom with Kerberos and AES-256 ticked.',
    azureCli:
      '`az storage account file-service-properties update -n NAME -g GROUP --kerb-ticket-encryption "AES-256"`. Only where Kerberos is missing: `az storage account file-service-properties show -n NAME -g GROUP --query protocolSettings.smb.authenticationMethods`, then `az storage account file-service-properties update -n NAME -g GROUP --auth-methods "METHODS_AS_SHOWN;Kerberos"`',
    powerShell:
      '`Update-AzStorageFileServiceProperty -ResourceGroupName GROUP -StorageAccountName NAME -SmbKerberosTicketEncryption AES-256`. Only where Kerberos is missing: `$methods = (Get-AzStorageFileServiceProperty -ResourceGroupName GROUP -StorageAccountName NAME).ProtocolSettings.Smb.AuthenticationMethods`, then `Update-AzStorageFileServiceProperty -ResourceGroupName GROUP -StorageAccountName NAME -SmbAuthenticationMethod ($methods + "Kerberos")`',
    graph:
      'not there; with ARM, `GET {account}/fileServices/default?api-version=2025-08-01`, then `PUT` the same properties back with `"kerberosTicketEncryption": "AES-256"` in `protocolSettings.smb`, and with `Kerberos` added to `authenticationMethods` where it is missing. A `PUT` without `cors` deletes all CORS rules.',
    after:
      'Read both lists again: the one that was not at fault has to be what it was. Mount a share from a client that was signed out and in again. If it still fails, the client may refuse AES-256 by `SupportedEncryptionTypes` in its own policy, which cannot be seen from the cloud.',
  },
  undo: 'Write the former lists back in the same way; they are in the evidence of the finding.',
  sources: [
    {
      title: 'SMB file shares in Azure Files: security settings',
      url: 'https://learn.microsoft.com/azure/storage/files/files-smb-protocol',
    },
    {
      title: 'Enable Microsoft Entra Kerberos authentication on Azure Files',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-identity-auth-hybrid-identities-enable',
    },
    {
      title: 'Troubleshoot identity-based authentication',
      url: 'https://learn.microsoft.com/troubleshoot/azure/azure-storage/files/security/files-troubleshoot-smb-authentication',
    },
  ],
};
