import type { RulePage } from './page.ts';

export const conditionalAccessNotBlockingPage: RulePage = {
  rule: 'conditional-access-not-blocking',
  why: 'A block needs no prompt and knows no way around it: neither MFA nor a managed device helps. The usual ones are "block everything but the apps we listed", "block what is not from our network" and "block devices we do not know", made without a thought for shares.',
  affected:
    "Every user in the policy's scope who mounts a share of the account, for as long as the conditions of the policy hold: abroad, on an unknown device, at risk. Tickets that were issued before the policy go on working until they end, so a block may show hours later.",
  reading:
    'The same policies, read by the same decision table as for `mfa-excluded`; this rule takes those whose grant is "Block access", and those with a control that is not known here and may be a block. Evidence names every such policy with the rows that decided, and those that exclude the app.',
  outcomes: [
    { when: 'No policy that is on blocks the app', outcome: 'pass', severity: null },
    { when: 'A policy blocks every user', outcome: 'fail', severity: 'critical' },
    {
      when: 'A policy blocks some: groups or named users, roles, guests, places, devices, platforms, risk, clients classed as `other`',
      outcome: 'warn',
      severity: 'medium',
    },
    {
      when: 'A report-only policy would block every user (high where Microsoft manages it)',
      outcome: 'warn',
      severity: 'medium',
    },
    {
      when: 'A report-only policy would block some, or cannot be decided (medium where Microsoft manages it)',
      outcome: 'warn',
      severity: 'low',
    },
    {
      when: 'The account does not use Entra Kerberos, or has no app or no service principal to judge',
      outcome: 'not-applicable',
      severity: null,
    },
  ],
  unknown:
    'The policies were not read, or not whole, and none that was seen blocks every user already (`Policy.Read.All` mends it). Or a policy that blocks has an application filter and the custom security attributes of the app were not read (`CustomSecAttributeAssignment.Read.All` mends it). Or it holds something that could change the answer and is not known here.',
  fix: {
    before:
      'Conditional Access Administrator. A block is often meant: first find out whether it was meant for shares too. Where only some places or devices are to be kept out, narrowing the policy is better than excluding the app. Use the **appId**, not an object id.',
    portal:
      'Entra admin center → Conditional Access → Policies → the policy → Target resources → Exclude → Select resources → `[Storage Account] HOST` → Save.',
    azureCli:
      'The sign-in of Azure CLI itself carries no Conditional Access permission. With a service principal that has `Policy.Read.All` and `Policy.ReadWrite.ConditionalAccess`: `az rest --method get --url https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies/POLICY_ID`, then `az rest --method patch --url https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies/POLICY_ID --body @policy.json`, where the file holds both lists as they were read and the appId added to the second.',
    powerShell:
      "`Connect-MgGraph -Scopes Policy.Read.All,Policy.ReadWrite.ConditionalAccess,Application.Read.All`, `$old = Get-MgIdentityConditionalAccessPolicy -ConditionalAccessPolicyId POLICY_ID`, then `Update-MgIdentityConditionalAccessPolicy -ConditionalAccessPolicyId POLICY_ID -BodyParameter @{ conditions = @{ applications = @{ includeApplications = $old.Conditions.Applications.IncludeApplications; excludeApplications = @($old.Conditions.Applications.ExcludeApplications) + 'APP_ID' } } }`",
    graph:
      '`GET /v1.0/identity/conditionalAccess/policies/POLICY_ID`, then `PATCH` it with `{ "conditions": { "applications": { "includeApplications": [AS_READ], "excludeApplications": [AS_READ, "APP_ID"] } } }`. **The list is replaced, not extended**, and there is no ETag: read again right before and after.',
    after: 'Prove it by a mount: `klist purge`, then mount a share as one of the users.',
  },
  undo: 'PATCH the policy with the lists as they were read before.',
  sources: [
    {
      title: 'Conditional Access: grant controls, block access',
      url: 'https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-grant',
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
      title: 'Troubleshoot sign-in problems with Conditional Access (AADSTS53003)',
      url: 'https://learn.microsoft.com/entra/identity/conditional-access/troubleshoot-conditional-access',
    },
  ],
};
