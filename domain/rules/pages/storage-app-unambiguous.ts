import type { RulePage } from './page.ts';

export const storageAppUnambiguousPage: RulePage = {
  rule: 'storage-app-unambiguous',
  why: 'Anybody who may register applications can give one the display name of a storage app, or names that no app holds yet. An app that is then taken for the real one is handed consent and an exclusion from MFA.',
  affected:
    'Whoever maintains the account. Users are affected once two apps drift apart: one has consent, the other is the one Entra uses.',
  reading:
    "Candidates are the apps of the first tier that matches: service principal names, identifier URIs, display name. Each candidate is judged by the other app rules, and the worst counts. A single candidate is looked at for what the storage provider's own app does not show: owners (of the application and of its service principal, which have owners of their own), credentials of the application and certificates of either (the provider puts one password on the principal, which is none of these), redirect URIs (of the web, single-page and public client platforms), names other than the six of the host, the six of its private link name and the app's own id, and a date of creation before the account's. Each reason is in the evidence, of credentials only ids and dates, the gravest in the title. A repair asks for more: the title and the names HOST/, CIFS/ and HTTP/ of the host as well, and that all of this was read. An app that a person set up in the manual preview may have that person as its owner, or a password on its application: confirm it and waive the warning, or replace the app.",
  outcomes: [
    { when: 'one candidate, and nothing about it is odd', outcome: 'pass', severity: null },
    { when: 'several candidates', outcome: 'fail', severity: 'high' },
    { when: 'one candidate that has owners', outcome: 'warn', severity: 'medium' },
    {
      when: 'one candidate with credentials that the storage provider does not give',
      outcome: 'warn',
      severity: 'medium',
    },
    { when: 'one candidate that has redirect URIs', outcome: 'warn', severity: 'medium' },
    { when: "one candidate with names that are not of the account's host", outcome: 'warn', severity: 'medium' },
    { when: 'one candidate that was made before the account was', outcome: 'warn', severity: 'medium' },
    {
      when: 'one candidate that was found by its identifier URIs or display name alone',
      outcome: 'warn',
      severity: 'medium',
    },
    { when: 'none, or only applications without a principal', outcome: 'not-applicable', severity: null },
  ],
  unknown:
    'One candidate was seen, in lists that were not read whole: a second one may be in the part that is missing. Or the application behind the principal was not read, which may have owners, credentials or redirect URIs (`Application.Read.All` is needed for both). Where only a property was not in what was read, the evidence lists it under `notRead` and the outcome stays.',
  fix: {
    before:
      'Find out which app the storage provider manages: its display name is `[Storage Account] HOST`, its names begin with `api://TENANT/`, and the Entra audit log ("Add application", kept for 30 days at most) is expected to name the storage provider as who made it, and no person. The other one was made by hand, or is left of the manual preview. Take the host\'s names off it, or delete it when nothing else uses it. A single app that is odd: find out who made it and who owns it before anything else; give it no consent and no exclusion until then.',
    portal:
      'Entra admin center → App registrations → All applications → the app → Delete (or Owners, Certificates & secrets, Authentication, Expose an API or Manifest, to take off what does not belong there; Enterprise applications → the app → Owners for those of its principal).',
    azureCli:
      '`az ad app show --id APP_ID --query "{name:displayName,uris:identifierUris,created:createdDateTime}"` with `az ad app owner list --id APP_ID` and `az ad app credential list --id APP_ID`, then `az ad app delete --id APP_ID`, or `az ad app owner remove --id APP_ID --owner-object-id OWNER_ID`',
    powerShell:
      '`Get-MgApplication -Filter "appId eq \'APP_ID\'"` with `Get-MgApplicationOwner -ApplicationId OBJECT_ID` and `Get-MgServicePrincipalOwner -ServicePrincipalId PRINCIPAL_ID`, then `Remove-MgApplication -ApplicationId OBJECT_ID`, or `Remove-MgApplicationOwnerByRef -ApplicationId OBJECT_ID -DirectoryObjectId OWNER_ID`',
    graph:
      '`DELETE /v1.0/applications/{object id}`, or `PATCH` it with the `identifierUris` that are left and without redirect URIs; `DELETE /v1.0/applications/{object id}/owners/{owner id}/$ref`, or of `/v1.0/servicePrincipals/{object id}`, for an owner; `POST /v1.0/applications/{object id}/removePassword` for a password',
    after: 'Mount a share from a client afterwards (`klist purge` first): Entra may have used the app you deleted.',
  },
  undo: 'A deleted application can be restored for 30 days: portal → App registrations → Deleted applications, or `POST /v1.0/directory/deletedItems/{object id}/restore`. Names that were taken off are put back with the same PATCH, owners with `POST /v1.0/applications/{object id}/owners/$ref`. A credential that was taken off cannot be put back; a new one can.',
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
