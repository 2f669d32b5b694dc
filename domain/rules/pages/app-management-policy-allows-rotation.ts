import type { RulePage } from './page.ts';

export const appManagementPolicyAllowsRotationPage: RulePage = {
  rule: 'app-management-policy-allows-rotation',
  why: 'When Entra Kerberos is enabled, the Storage Resource Provider makes a service principal and puts a password of a year on it. A policy against passwords on service principals stops that; accounts that work today go on until their password ends.',
  affected:
    'Whoever enables Entra Kerberos on another account; and everyone who mounts a share of an account whose password has to be renewed.',
  reading:
    "From `servicePrincipalRestrictions.passwordCredentials` of the tenant's default app management policy, while the policy is enabled. A restriction counts as on unless its `state` says `disabled`. A `maxLifetime` in years or months is taken at its shortest: a year is 365 days, so `P1Y` and `P12M` fall short of 366, and `P366D` is enough. `restrictForAppsCreatedAfterDateTime` is shown and changes nothing: an app made by the next switch-on is younger than any date in the past.",
  outcomes: [
    {
      when: "the policy is off, or no restriction of service principals' passwords is on",
      outcome: 'pass',
      severity: null,
    },
    { when: 'passwords may last 366 days or longer', outcome: 'pass', severity: null },
    {
      when: '`passwordAddition`, `symmetricKeyAddition` or `customPasswordAddition` is on',
      outcome: 'warn',
      severity: 'medium',
    },
    {
      when: '`passwordLifetime` or `symmetricKeyLifetime` allows less than 366 days',
      outcome: 'warn',
      severity: 'medium',
    },
  ],
  unknown:
    'The policy was not read (`Policy.Read.All` mends it), or does not say whether it is on; or a restriction has a type, a state or a `maxLifetime` that is not known here. An unknown counts before a warning. Whether the Storage Resource Provider is excepted cannot be read from the policy: it names a security attribute, not the app. If it is, waive the warning. Policies assigned to single apps are not read.',
  fix: {
    before:
      'An exception for the **caller**, the Storage Resource Provider (appId `a6aa9161-5291-40bb-8c5c-923b567bee3b`), leaves the restriction on for everyone else. It takes Security Administrator with Cloud Application Administrator, or Global Administrator, and for the security attribute Attribute Definition Administrator and Attribute Assignment Administrator.',
    portal:
      'Entra admin center → Enterprise apps → Application policies → Block password addition (and Restrict max password lifetime) → Applies to: All applications with exclusions → Excluded callers → Add → Storage Resource Provider → Save.',
    azureCli:
      "not possible with its own sign-in, which lacks the permission. To find the provider's principal: `az ad sp show --id a6aa9161-5291-40bb-8c5c-923b567bee3b`",
    powerShell:
      '`Connect-MgGraph -Scopes Policy.ReadWrite.ApplicationConfiguration,CustomSecAttributeAssignment.ReadWrite.All,Application.Read.All`; give the principal the attribute: `Update-MgServicePrincipal -ServicePrincipalId PRINCIPAL_ID -CustomSecurityAttributes @{ SET = @{ "@odata.type" = "#Microsoft.DirectoryServices.CustomSecurityAttributeValue"; ATTRIBUTE = "VALUE" } }`; read the policy with `Get-MgPolicyDefaultAppManagementPolicy`, add the exemption to each restriction as under Graph, and write all of them back with `Update-MgPolicyDefaultAppManagementPolicy -BodyParameter $policy`',
    graph:
      '`GET /v1.0/policies/defaultAppManagementPolicy`, then `PATCH` it with `{ "servicePrincipalRestrictions": { "passwordCredentials": [all as read] } }`, each restriction in the way with `"excludeActors": { "customSecurityAttributes": [ { "@odata.type": "#microsoft.graph.customSecurityAttributeStringValueExemption", "id": "SET_ATTRIBUTE", "operator": "equals", "value": "VALUE" } ] }`. **The list is replaced, not extended.** (`Policy.ReadWrite.ApplicationConfiguration`)',
    after:
      'Enable Entra Kerberos on a test account. The same message also comes from an app left of the manual preview: see [storage-app-unambiguous](storage-app-unambiguous.md).',
  },
  undo: 'PATCH the policy with the restrictions as they were read before.',
  sources: [
    {
      title: 'Troubleshoot identity-based authentication: the request to Microsoft Graph failed with code BadRequest',
      url: 'https://learn.microsoft.com/troubleshoot/azure/azure-storage/files/security/files-troubleshoot-smb-authentication',
    },
    {
      title: 'Configure restrictions on how applications can be configured',
      url: 'https://learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies',
    },
    {
      title: 'Graph: tenantAppManagementPolicy',
      url: 'https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy',
    },
    {
      title: 'Graph: passwordCredentialConfiguration',
      url: 'https://learn.microsoft.com/graph/api/resources/passwordcredentialconfiguration',
    },
  ],
};
