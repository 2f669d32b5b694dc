import type { RulePage } from './page.ts';

export const spPasswordExpiryPage: RulePage = {
  rule: 'sp-password-expiry',
  why: 'Apps of the manual preview were meant to be renewed every six months; scripts in circulation gave them twelve. The storage provider manages the passwords of the apps it makes.',
  affected: 'Everyone who mounts a share of the account, as soon as no password is valid.',
  reading:
    "The **service principal** decides. What is left runs until the first instant without a valid password, counting a later one that starts before the former ends. Days are 24 hours, months are calendar months in UTC, bounds are inclusive; the first row that fits counts. An app that cannot be told managed from legacy is judged as legacy. The application's passwords are named in the evidence where the principal has none; they never mend an expired principal.",
  outcomes: [
    { when: 'none is valid now', outcome: 'fail', severity: 'critical' },
    { when: 'up to `criticalDays` are left', outcome: 'fail', severity: 'critical' },
    { when: 'up to `failDays` are left', outcome: 'fail', severity: 'high' },
    { when: 'up to `warnDays` are left', outcome: 'warn', severity: 'medium' },
    {
      when: "a legacy app's password issued for more than `rotationMonths`",
      outcome: 'warn',
      severity: 'low',
    },
    { when: 'up to `noticeMonths` are left, legacy app', outcome: 'warn', severity: 'low' },
    {
      when: 'up to `noticeMonths` are left, managed app: listed with `--all` only, never alerted',
      outcome: 'warn',
      severity: 'info',
    },
    { when: 'more is left', outcome: 'pass', severity: null },
    { when: 'no password on the principal of a legacy app', outcome: 'fail', severity: 'critical' },
    { when: 'no app, or an application without its principal', outcome: 'not-applicable', severity: null },
  ],
  unknown:
    "The list of passwords was not in what was read (`Application.Read.All`); or it is empty on a managed app's principal; or no password says when it ends.",
  fix: {
    before:
      "A **managed** app's password cannot be set by hand. Save `domainName`, `domainGuid` and `defaultSharePermission`, then switch Entra Kerberos off and on: it makes a new app. **All identity-based access over SMB stops in between**, and [consent](consent-granted.md) and [exclusions](mfa-excluded.md) have to be made again.\n\nA **legacy** app is best replaced in the same way: switch off, delete the old application, switch on. Its password is the account's Kerberos key, which Microsoft Graph's `addPassword` cannot set, so a rotation in place is not possible with Microsoft Graph.",
    portal:
      'storage account → File shares → Identity-based access → Microsoft Entra Kerberos: off; Entra admin center → App registrations → delete the legacy app; then on.',
    azureCli:
      '`az storage account update -n NAME -g GROUP --enable-files-aadkerb false`; for a legacy app `az ad app delete --id APP_ID`; then `az storage account update -n NAME -g GROUP --enable-files-aadkerb true --domain-name DOMAIN --domain-guid GUID`, and `az storage account update -n NAME -g GROUP --default-share-permission PERMISSION`',
    powerShell:
      '`Set-AzStorageAccount -ResourceGroupName GROUP -Name NAME -EnableAzureActiveDirectoryKerberosForFile $false`; for a legacy app `Remove-MgApplication -ApplicationId OBJECT_ID`; then the first with `$true -ActiveDirectoryDomainName DOMAIN -ActiveDirectoryDomainGuid GUID`, and `Set-AzStorageAccount -ResourceGroupName GROUP -Name NAME -DefaultSharePermission PERMISSION`',
    graph: "look at the dates: `GET /v1.0/servicePrincipals(appId='APP_ID')?$select=id,passwordCredentials`",
    after: '',
  },
  undo: 'A deleted application can be restored for 30 days (`POST /v1.0/directory/deletedItems/{object id}/restore`), which helps only while its password was still valid. There is no way back to the former appId otherwise.',
  sources: [
    {
      title: 'Troubleshoot identity-based authentication: expired service principal password',
      url: 'https://learn.microsoft.com/troubleshoot/azure/azure-storage/files/security/files-troubleshoot-smb-authentication',
    },
    {
      title: 'Enable Microsoft Entra Kerberos for hybrid identities',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-identity-auth-hybrid-identities-enable',
    },
  ],
};
