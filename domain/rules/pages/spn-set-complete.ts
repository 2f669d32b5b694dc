import type { RulePage } from './page.ts';

export const spnSetCompletePage: RulePage = {
  rule: 'spn-set-complete',
  why: 'The storage provider gives an app `HOST`, `CIFS` and `HTTP` for the host, each bare and as `api://TENANT_ID/…`. Names get lost when somebody edits the app, most often when adding private link names: the list is replaced, not extended.',
  affected:
    'Without a CIFS name everyone who mounts a share of the account. With another name missing, whoever asks by that one.',
  reading:
    "The names of the app's service principal are compared without case with the six of the account's own file endpoint. Service classes that are not in capitals are looked at on their own: Entra takes them for the same, yet a field report tells of tickets that are issued and then not accepted. That is one report and not documented, so it is a low warning.",
  outcomes: [
    { when: 'all six, with service classes in capitals', outcome: 'pass', severity: null },
    { when: 'no CIFS name at all, neither bare nor under `api://`', outcome: 'fail', severity: 'high' },
    { when: 'one or more of the six missing', outcome: 'warn', severity: 'medium' },
    {
      when: 'an app of the manual preview with its three bare names, which never had others',
      outcome: 'warn',
      severity: 'low',
    },
    { when: 'all six, a service class of them not in capitals', outcome: 'warn', severity: 'low' },
    { when: 'no app, or an application without its principal', outcome: 'not-applicable', severity: null },
  ],
  unknown:
    'The service principal that carries the names was not seen in a list that was not read, or not whole: `Application.Read.All` mends it.',
  fix: {
    before:
      'Names can be put back on the application, which hands them to its service principal. Where the tenant restricts identifier URIs, the bare forms may be refused ("All newly added URIs must contain a tenant verified domain, tenant ID, or app ID"). Switching Entra Kerberos off and on makes a new app with all names: **all identity-based access over SMB stops in between**, the appId changes, and consent and exclusions have to be made again; save `domainName`, `domainGuid` and `defaultSharePermission` first. Names in odd case have to be replaced as a set: Entra refuses both spellings of a name at once.',
    portal:
      'Entra admin center → App registrations → All applications → `[Storage Account] HOST` → Manifest → `identifierUris`. Or storage account → File shares → Identity-based access → Microsoft Entra Kerberos: off, then on.',
    azureCli:
      '`az ad app show --id APP_ID --query identifierUris`, then `az ad app update --id APP_ID --identifier-uris ALL_SIX_AND_WHAT_ELSE_WAS_THERE`; or `az storage account update -n NAME -g GROUP --enable-files-aadkerb false`, then the same with `true --domain-name DOMAIN --domain-guid GUID`, and `az storage account update -n NAME -g GROUP --default-share-permission PERMISSION`',
    powerShell:
      "`$app = Get-MgApplication -Filter \"appId eq 'APP_ID'\"`, then `Update-MgApplication -ApplicationId $app.Id -IdentifierUris ($app.IdentifierUris + 'CIFS/HOST' + 'api://TENANT_ID/CIFS/HOST')`; or `Set-AzStorageAccount -ResourceGroupName GROUP -Name NAME -EnableAzureActiveDirectoryKerberosForFile $false`, then with `$true -ActiveDirectoryDomainName DOMAIN -ActiveDirectoryDomainGuid GUID`, and `Set-AzStorageAccount -ResourceGroupName GROUP -Name NAME -DefaultSharePermission PERMISSION`",
    graph:
      '`GET /v1.0/applications/{object id}?$select=identifierUris`, then `PATCH` it with `{ "identifierUris": [all as read, and those missing] }`: **the list is replaced**.',
    after: 'On a client: `klist purge`, then `klist get cifs/HOST`, then mount a share.',
  },
  undo: 'PATCH `identifierUris` with the list as it was read. There is no way back to the former appId after switching off and on; the deleted application can be restored for 30 days.',
  sources: [
    {
      title: 'Troubleshoot identity-based authentication',
      url: 'https://learn.microsoft.com/troubleshoot/azure/azure-storage/files/security/files-troubleshoot-smb-authentication',
    },
    {
      title: 'Enable Microsoft Entra Kerberos for hybrid identities',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-identity-auth-hybrid-identities-enable',
    },
    { title: 'Graph: update application', url: 'https://learn.microsoft.com/graph/api/application-update' },
  ],
};
