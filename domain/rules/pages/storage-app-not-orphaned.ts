import type { RulePage } from './page.ts';

export const storageAppNotOrphanedPage: RulePage = {
  rule: 'storage-app-not-orphaned',
  why: 'The app goes on claiming the host, so a client that maps the host to Entra is given a ticket that opens nothing.',
  affected: 'Nobody today. Whoever reviews consents and policy exclusions has to account for an app without a use.',
  reading:
    "A storage app is told by its names: a `servicePrincipalName` or `identifierUri` `CIFS/HOST`, `HOST/HOST` or `HTTP/HOST`, bare or behind `api://TENANT_ID/`, or the display name `[Storage Account] HOST`, where HOST is a file endpoint of the public, US Government or China cloud, or of an account with a DNS zone. A private link host is its account's. Case is ignored. An app is no orphan while one of its hosts, or the account name in it, is of an account that was seen. For the others Azure is asked whether the account's name is free in the whole cloud: an account that was not seen may be in a subscription that nobody could read. One finding for each app.",
  outcomes: [
    { when: "every storage app's account was seen", outcome: 'pass', severity: null },
    {
      when: "no account of the app's hosts was seen, and the names of all of them are free",
      outcome: 'fail',
      severity: 'medium',
    },
  ],
  unknown:
    "An app's account was not seen, and its name is taken (by an account in a subscription that was not read, or by somebody else's since) or nobody could ask; Reader on the other subscriptions mends the former. Or the applications or service principals were not read whole (`Application.Read.All`): there may be more such apps. Orphans that were seen are named all the same.",
  fix: {
    before:
      'Deleting the app is for a person to decide; Kerbwatch never does it. A deleted storage account can often be recovered for 14 days: ask first whether somebody means to. It takes Cloud Application Administrator, and Application.ReadWrite.All for the commands.',
    portal:
      'Entra admin center → App registrations → All applications → the app → Delete. Where only the enterprise application is left: Enterprise apps → the app → Properties → Delete.',
    azureCli:
      '`az storage account check-name --name ACCOUNT`; then `az ad app delete --id APP_ID`, or `az ad sp delete --id APP_ID` where only the principal is left',
    powerShell:
      '`Get-AzStorageAccountNameAvailability -Name ACCOUNT`; then `Remove-MgApplication -ApplicationId APPLICATION_ID`, or `Remove-MgServicePrincipal -ServicePrincipalId SERVICE_PRINCIPAL_ID` where only the principal is left',
    graph:
      '`DELETE /v1.0/applications/APPLICATION_ID`, or `DELETE /v1.0/servicePrincipals/SERVICE_PRINCIPAL_ID` where only the principal is left; the object ids are in the evidence',
    after:
      'Policies that excluded the app still name it: [mfa-exclusion-not-orphaned](mfa-exclusion-not-orphaned.md) lists them.',
  },
  undo: 'A deleted application can be restored for 30 days: Entra admin center → App registrations → Deleted applications → Restore, or `POST /v1.0/directory/deletedItems/APPLICATION_ID/restore`. Check the service principal and its consent after.',
  sources: [
    {
      title: 'Enable Microsoft Entra Kerberos for hybrid identities',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-identity-auth-hybrid-identities-enable',
    },
    {
      title: 'Storage accounts: check name availability',
      url: 'https://learn.microsoft.com/rest/api/storagerp/storage-accounts/check-name-availability',
    },
    {
      title: 'Recover a deleted storage account',
      url: 'https://learn.microsoft.com/azure/storage/common/storage-account-recover',
    },
    {
      title: 'Restore or remove a recently deleted application',
      url: 'https://learn.microsoft.com/entra/identity-platform/howto-restore-app',
    },
  ],
};
