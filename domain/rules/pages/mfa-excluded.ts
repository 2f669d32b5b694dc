import type { RulePage } from './page.ts';

export const mfaExcludedPage: RulePage = {
  rule: 'mfa-excluded',
  why: 'Windows asks for the ticket without a person at hand, so a prompt cannot be answered. A sign-in that already carries MFA, as with Windows Hello, may get past such a policy; Microsoft does not support that and says to exclude the app.',
  affected:
    'Every user in the policy\'s scope who mounts a share of the account. A policy for "all resources" reaches every storage app that it does not exclude, so one new policy can take the profile shares of a whole company.',
  reading:
    "Every Conditional Access policy is judged on its own against the app's appId; each that applies must be satisfied, so one is enough to break mounts. Read are its state, resources, application filter, users, clients, platforms, locations, device filter, risk levels, authentication flows and grant controls; authentication strengths by what they require, custom ones by the combinations they allow. Across policies the order is fail, unknown, warn, pass. Evidence names every policy that has an effect with the rows of the decision table that decided, those that exclude the app, and whether Microsoft manages a policy (a `templateId` together with a name that starts with `Microsoft-managed:`). An application filter is decided with the custom security attributes of the app's service principal; texts are compared as the filter language documents it, and what it leaves open stays undecided. A device filter counts as a condition, unless its rule on `trustType` and `isCompliant` is proved to hold for every device that can mount a share, or for none. A block is not this rule's business: see `conditional-access-not-blocking`. Sign-in frequency \"every time\", and Microsoft's change to exclusions of June 2026, are notes in evidence and decide nothing.",
  outcomes: [
    {
      when: 'No policy that is on asks for MFA of the app, and security defaults are off',
      outcome: 'pass',
      severity: null,
    },
    { when: "Every user in a policy's scope must do MFA", outcome: 'fail', severity: 'critical' },
    { when: 'The same for groups or named users', outcome: 'fail', severity: 'high' },
    {
      when: 'Only for roles, places, devices, platforms or risk; or MFA _or_ a managed device; or a control Kerberos cannot answer',
      outcome: 'warn',
      severity: 'medium',
    },
    { when: 'Only for guests, or for clients classed as `other`', outcome: 'warn', severity: 'low' },
    {
      when: 'A report-only policy would ask every user (high where Microsoft manages it)',
      outcome: 'warn',
      severity: 'medium',
    },
    {
      when: 'A report-only policy would ask some, or cannot be decided (medium where Microsoft manages it)',
      outcome: 'warn',
      severity: 'low',
    },
    { when: 'Security defaults are on: no app can be excluded from them', outcome: 'warn', severity: 'medium' },
    {
      when: 'The account does not use Entra Kerberos, or has no app or no service principal to judge',
      outcome: 'not-applicable',
      severity: null,
    },
  ],
  unknown:
    'The policies were not read, or not whole, and none that was seen fails already (`Policy.Read.All` mends it). Or nothing else is wrong and security defaults were not read (`Policy.Read.All` again). Or a policy has an application filter and the custom security attributes of the app were not read (`CustomSecAttributeAssignment.Read.All` mends it). Or a policy holds something that could change the answer and is not known here: a new condition or control, a keyword, a filter rule that is not understood. MFA switched on per user in the legacy portal reaches every app and is not covered.',
  fix: {
    before:
      'Conditional Access Administrator. The exclusion weakens the policy for this one app, so Kerbwatch does not do it by itself. Use the **appId**, not an object id; after Entra Kerberos was switched off and on, the appId is a new one. Consider a second policy for the app that asks for a compliant device or a trusted place instead.',
    portal:
      'Entra admin center → Conditional Access → Policies → the policy → Target resources → Exclude → Select resources → `[Storage Account] HOST` → Save. Security defaults: Identity → Overview → Properties → Manage security defaults, once policies of your own take their place.',
    azureCli:
      'The sign-in of Azure CLI itself carries no Conditional Access permission. With a service principal that has `Policy.Read.All` and `Policy.ReadWrite.ConditionalAccess`: `az rest --method get --url https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies/POLICY_ID`, then `az rest --method patch --url https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies/POLICY_ID --body @policy.json`, where the file holds both lists as they were read and the appId added to the second.',
    powerShell:
      "`Connect-MgGraph -Scopes Policy.Read.All,Policy.ReadWrite.ConditionalAccess,Application.Read.All`, `$old = Get-MgIdentityConditionalAccessPolicy -ConditionalAccessPolicyId POLICY_ID`, then `Update-MgIdentityConditionalAccessPolicy -ConditionalAccessPolicyId POLICY_ID -BodyParameter @{ conditions = @{ applications = @{ includeApplications = $old.Conditions.Applications.IncludeApplications; excludeApplications = @($old.Conditions.Applications.ExcludeApplications) + 'APP_ID' } } }`",
    graph:
      '`GET /v1.0/identity/conditionalAccess/policies/POLICY_ID`, then `PATCH` it with `{ "conditions": { "applications": { "includeApplications": [AS_READ], "excludeApplications": [AS_READ, "APP_ID"] } } }`. **The list is replaced, not extended**, and there is no ETag: read again right before and after.',
    after:
      'Prove it by a mount: `klist purge`, then mount a share as one of the users. Since June 2026 policies for all resources are enforced for baseline scopes whatever they exclude, and what that means for tickets is not documented.',
  },
  undo: 'PATCH the policy with the lists as they were read before.',
  sources: [
    {
      title: 'Enable Microsoft Entra Kerberos: disable MFA on the storage account',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-identity-auth-hybrid-identities-enable',
    },
    {
      title: 'Conditional Access: target resources',
      url: 'https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-cloud-apps',
    },
    {
      title: 'Conditional Access: filter for applications',
      url: 'https://learn.microsoft.com/entra/identity/conditional-access/concept-filter-for-applications',
    },
    {
      title: 'Conditional Access: filter for devices',
      url: 'https://learn.microsoft.com/entra/identity/conditional-access/concept-condition-filters-for-devices',
    },
    {
      title: 'Microsoft-managed Conditional Access policies',
      url: 'https://learn.microsoft.com/entra/identity/conditional-access/managed-policies',
    },
    {
      title: 'Security defaults in Microsoft Entra ID',
      url: 'https://learn.microsoft.com/entra/fundamentals/security-defaults',
    },
    {
      title: 'Troubleshoot identity-based authentication: System error 1327',
      url: 'https://learn.microsoft.com/troubleshoot/azure/azure-storage/files/security/files-troubleshoot-smb-authentication',
    },
  ],
};
