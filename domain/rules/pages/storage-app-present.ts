import type { RulePage } from './page.ts';

export const storageAppPresentPage: RulePage = {
  rule: 'storage-app-present',
  why: '',
  affected:
    'Everyone who mounts a share of the account: at once for new sessions, and for the others when their ticket ends.',
  reading:
    "The app is looked for by its service principal names, then by identifier URIs, then by display name; the first that matches decides. The host comes from the account's own file endpoint and is compared without case. When it fails because no app or principal is there, the other app rules are not-applicable.",
  outcomes: [
    { when: 'an application with an enabled service principal', outcome: 'pass', severity: null },
    { when: 'nothing, and both directory lists were read whole', outcome: 'fail', severity: 'critical' },
    { when: 'an application without its service principal', outcome: 'fail', severity: 'critical' },
    {
      when: 'a service principal that is disabled, or that Microsoft disabled',
      outcome: 'fail',
      severity: 'critical',
    },
    {
      when: 'an account that does not use Entra Kerberos, or of a kind that holds no SMB shares',
      outcome: 'not-applicable',
      severity: null,
    },
  ],
  unknown:
    'No app was seen and a directory list was not read, or not whole: `Application.Read.All` mends it. Also when the account shows no file endpoint, uses an identity source that Kerbwatch does not know, or belongs to another tenant than the directory that was read.',
  fix: {
    before:
      'A disabled principal: enable it. Find out first who disabled it and why (Entra audit log, "Update service principal"). No app, or an application without its principal: the storage provider makes both when Entra Kerberos is switched off and on again. **All identity-based access over SMB stops in between**; save `domainName`, `domainGuid` and `defaultSharePermission` first.',
    portal:
      'disabled: Entra admin center → Enterprise applications → `[Storage Account] HOST` → Properties → Enabled for users to sign in: Yes. Not there: storage account → File shares → Identity-based access → Microsoft Entra Kerberos: off, then on.',
    azureCli:
      'disabled: `az ad sp update --id APP_ID --set accountEnabled=true`. Not there: `az storage account update -n NAME -g GROUP --enable-files-aadkerb false`, then the same with `true --domain-name DOMAIN --domain-guid GUID`, and `az storage account update -n NAME -g GROUP --default-share-permission PERMISSION`',
    powerShell:
      'disabled: `Update-MgServicePrincipal -ServicePrincipalId OBJECT_ID -AccountEnabled`. Not there: `Set-AzStorageAccount -ResourceGroupName GROUP -Name NAME -EnableAzureActiveDirectoryKerberosForFile $false`, then with `$true -ActiveDirectoryDomainName DOMAIN -ActiveDirectoryDomainGuid GUID`, and `Set-AzStorageAccount -ResourceGroupName GROUP -Name NAME -DefaultSharePermission PERMISSION`',
    graph:
      'disabled: `PATCH /v1.0/servicePrincipals/{object id}` with `{ "accountEnabled": true }`. Not there: Graph cannot make the app; the storage provider does.',
    after:
      'Then [grant consent](consent-granted.md) and [exclude the new app](mfa-excluded.md): its appId is another one. If switching on fails with "BadRequest", an old application with the account\'s name is in the way, or an app management policy forbids passwords on service principals.',
  },
  undo: 'Set `accountEnabled` to false again. A new app has nothing to undo; a deleted one can be restored for 30 days.',
  sources: [
    {
      title: 'Enable Microsoft Entra Kerberos for hybrid identities',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-identity-auth-hybrid-identities-enable',
    },
    {
      title: 'Troubleshoot identity-based authentication',
      url: 'https://learn.microsoft.com/troubleshoot/azure/azure-storage/files/security/files-troubleshoot-smb-authentication',
    },
  ],
};
