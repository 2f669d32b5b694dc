import type { RulePage } from './page.ts';

export const consentMinimalPage: RulePage = {
  rule: 'consent-minimal',
  why: 'A storage app has no code of its own and signs nobody in, so no further scope is ever of use to it. A wide scope is of use to whoever puts a credential on the app.',
  affected: 'Nobody who mounts a share. The risk is with the data that the scopes open.',
  reading:
    "All delegated grants of the app's service principal, whatever the resource, tenant-wide or by one user. Scopes are split on white space and compared without case. What is missing is the business of [consent-granted](consent-granted.md).",
  outcomes: [
    { when: 'no scope beyond `openid`, `profile` and `User.Read`', outcome: 'pass', severity: null },
    { when: 'a scope beyond these (the finding names it)', outcome: 'warn', severity: 'low' },
    { when: 'no app, or an application without its principal', outcome: 'not-applicable', severity: null },
  ],
  unknown:
    'The grants were not read, or not whole, and none that was seen holds more (`Directory.Read.All` mends it); or the service principal was not in what was read (`Application.Read.All`).',
  fix: {
    before:
      'It takes a Cloud Application Administrator or an Application Administrator. Look first at who consented and when (Entra audit log, "Consent to application", "Add delegated permission grant"), and whether somebody owns the app: see [storage-app-unambiguous](storage-app-unambiguous.md). Keep the three: without them no ticket is issued.',
    portal:
      'Entra admin center → App registrations → All applications → `[Storage Account] HOST` → API permissions → the permission → Revoke admin consent, then Remove permission. Grants by single users: Enterprise applications → the app → Permissions → User consent.',
    azureCli:
      '`az ad app permission list-grants --id APP_ID`, then `az rest --method PATCH --url https://graph.microsoft.com/v1.0/oauth2PermissionGrants/GRANT_ID --body \'{"scope":"openid profile User.Read"}\'`; for a grant on another resource the same with `--method DELETE` and no body',
    powerShell:
      "`Get-MgOauth2PermissionGrant -Filter \"clientId eq 'PRINCIPAL_OBJECT_ID'\"`, then `Update-MgOauth2PermissionGrant -OAuth2PermissionGrantId GRANT_ID -Scope 'openid profile User.Read'`, or `Remove-MgOauth2PermissionGrant -OAuth2PermissionGrantId GRANT_ID`",
    graph:
      '`PATCH /v1.0/oauth2PermissionGrants/{id}` with `{ "scope": "openid profile User.Read" }`: the text is **replaced**. Or `DELETE` a grant that holds none of the three.',
    after: '',
  },
  undo: 'PATCH the scope text as it was read; a deleted grant is made again with `POST /v1.0/oauth2PermissionGrants`.',
  sources: [
    {
      title: 'Enable Microsoft Entra Kerberos: grant admin consent',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-identity-auth-hybrid-identities-enable',
    },
    {
      title: 'Review permissions granted to enterprise applications',
      url: 'https://learn.microsoft.com/entra/identity/enterprise-apps/manage-application-permissions',
    },
    {
      title: 'Graph: oAuth2PermissionGrant',
      url: 'https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant',
    },
  ],
};
