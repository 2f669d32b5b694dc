import type { RulePage } from './page.ts';

export const mfaExclusionNotOrphanedPage: RulePage = {
  rule: 'mfa-exclusion-not-orphaned',
  why: 'Conditional Access excludes by appId. Whoever switches Entra Kerberos off and on gets a new app with a new appId: the policy then reads as if the account were excluded, and is not.',
  affected:
    'Nobody by the dead entry itself. If a storage app was made anew, its users are asked for MFA until the new appId is excluded: [mfa-excluded](mfa-excluded.md) fails then.',
  reading:
    "Each GUID in `conditions.applications.excludeApplications` of every policy that is not disabled, report-only ones too, is looked for among the appIds of the tenant's applications and service principals. Keywords such as `Office365` are not looked at. One finding for each policy and appId. What the app was cannot be read any more, so this is not only about storage apps.",
  outcomes: [
    { when: 'every excluded appId is in the tenant, or nothing is excluded', outcome: 'pass', severity: null },
    { when: 'an excluded appId is of no application and no service principal', outcome: 'fail', severity: 'low' },
  ],
  unknown:
    'The policies were not read, or not whole (`Policy.Read.All` mends it); or an excluded appId was not seen and the applications or service principals were not read whole (`Application.Read.All`): it may be among the others, so nothing is called orphaned.',
  fix: {
    before:
      'Look whether the app was replaced, and exclude the new appId first. An appId of a Microsoft service that has no service principal in the tenant yet shows up here too: leave it if the service is to come, and waive the finding. Action `remove-orphaned-exclusion`. It takes the role Conditional Access Administrator.',
    portal:
      'Entra admin center → Conditional Access → Policies → the policy → Target resources → Exclude → Select resources → remove the entry that shows no name → Save.',
    azureCli: 'not possible with its own sign-in, which carries no Conditional Access permission.',
    powerShell:
      "`Connect-MgGraph -Scopes Policy.Read.All,Policy.ReadWrite.ConditionalAccess,Application.Read.All`, then `$old = Get-MgIdentityConditionalAccessPolicy -ConditionalAccessPolicyId ID`, then `Update-MgIdentityConditionalAccessPolicy -ConditionalAccessPolicyId ID -BodyParameter @{ conditions = @{ applications = @{ includeApplications = $old.Conditions.Applications.IncludeApplications; excludeApplications = @($old.Conditions.Applications.ExcludeApplications | Where-Object { $_ -ne 'APP_ID' }) } } }`",
    graph:
      '`GET /v1.0/identity/conditionalAccess/policies/ID`, then `PATCH` it with `{ "conditions": { "applications": { "includeApplications": [as read], "excludeApplications": [as read, without "APP_ID"] } } }`. **The list is replaced**, and there is no ETag: read again right before and after.',
    after: 'Check that the policy still excludes every storage app that is in use.',
  },
  undo: 'PATCH the policy with the list as it was read before. A deleted application can be restored for 30 days and keeps its appId; its exclusion works again then.',
  sources: [
    {
      title: 'Conditional Access: target resources',
      url: 'https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-cloud-apps',
    },
    {
      title: 'Graph: update a Conditional Access policy',
      url: 'https://learn.microsoft.com/graph/api/conditionalaccesspolicy-update',
    },
    {
      title: 'Enable Microsoft Entra Kerberos for hybrid identities',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-identity-auth-hybrid-identities-enable',
    },
  ],
};
