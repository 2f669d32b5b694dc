import type { RulePage } from './page.ts';

export const consentGrantedPage: RulePage = {
  rule: 'consent-granted',
  why: 'Enabling Entra Kerberos never grants it, and switching it off and on makes a new app without it.',
  affected:
    'Everyone who mounts a share of the account: at once for new sessions, and for the others when their ticket ends.',
  reading:
    "The scopes of all tenant-wide grants (`consentType` `AllPrincipals`) from the app's service principal to this tenant's Microsoft Graph principal are taken together, split on white space and compared without case. Grants for one user (`Principal`), and grants on another resource, do not count.",
  outcomes: [
    { when: 'they hold `openid`, `profile` and `User.Read`', outcome: 'pass', severity: null },
    { when: 'one of them is missing (the finding names it)', outcome: 'fail', severity: 'critical' },
    { when: 'no app, or an application without its principal', outcome: 'not-applicable', severity: null },
  ],
  unknown:
    "The grants were not read, or not whole, and those that were seen are not enough: `Directory.Read.All` mends it. Or the service principal, or Microsoft Graph's own, was not in what was read; or what would be enough is consent of a type that is not known here.",
  fix: {
    before:
      "It takes a Cloud Application Administrator, an Application Administrator or a Privileged Role Administrator; with less, the portal's button is grey.",
    portal:
      'Entra admin center → App registrations → All applications → `[Storage Account] HOST` → API permissions → Grant admin consent.',
    azureCli:
      '`az ad app permission grant --id APP_ID --api 00000003-0000-0000-c000-000000000000 --scope "openid profile User.Read"`',
    powerShell:
      "`Connect-MgGraph -Scopes DelegatedPermissionGrant.ReadWrite.All`, then `New-MgOauth2PermissionGrant -BodyParameter @{ clientId = 'PRINCIPAL_OBJECT_ID'; consentType = 'AllPrincipals'; resourceId = 'GRAPH_PRINCIPAL_OBJECT_ID'; scope = 'openid profile User.Read' }`",
    graph:
      '`POST /v1.0/oauth2PermissionGrants` with the same body. If a tenant-wide grant is there already (409), `PATCH /v1.0/oauth2PermissionGrants/{id}` with `{ "scope": "OLD openid profile User.Read" }`: the text is **replaced**, so keep what it held.',
    after: '',
  },
  undo: '`DELETE /v1.0/oauth2PermissionGrants/{id}`, or PATCH the old scope text back.',
  sources: [
    {
      title: 'Enable Microsoft Entra Kerberos: grant admin consent',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-identity-auth-hybrid-identities-enable',
    },
    {
      title: 'Graph: oAuth2PermissionGrant',
      url: 'https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant',
    },
  ],
};
