import type { RulePage } from './page.ts';

export const securityDefaultsOffOrAcceptedPage: RulePage = {
  rule: 'security-defaults-off-or-accepted',
  why: 'A Kerberos ticket for a share is asked for without a person at hand, so an MFA prompt cannot be answered. A Conditional Access policy can leave the storage apps out; security defaults have no list of apps, and no exclusions.',
  affected: 'Everyone in the tenant who mounts a share with Entra Kerberos, of whatever account.',
  reading:
    "From `isEnabled` of the tenant's one security defaults policy. It is one finding for the tenant: **accepted** means waived, with a reason, an owner and an end. While they are on, [mfa-excluded](mfa-excluded.md) is a warning at best on every account.",
  outcomes: [
    { when: 'security defaults are off', outcome: 'pass', severity: null },
    { when: 'security defaults are on', outcome: 'fail', severity: 'high' },
  ],
  unknown:
    'The policy was not read (`Policy.Read.All` mends it), a snapshot came without it, or the answer does not say whether it is on.',
  fix: {
    before:
      'Security defaults protect the whole tenant. Have Conditional Access policies ready that ask for MFA and exclude the storage apps by their appId, and switch them on as soon as security defaults are off: both at once is not possible. Conditional Access needs Microsoft Entra ID P1; without it, keep security defaults and waive this finding, or use another identity source. It takes the role Conditional Access Administrator or Security Administrator.',
    portal:
      'Entra admin center → Overview → Properties → Manage security defaults → Disabled → the reason → Save; then Conditional Access → Policies → the policies prepared → On.',
    azureCli:
      'not possible with its own sign-in, which lacks the permission. With one that has it: `az rest --method PATCH --url https://graph.microsoft.com/v1.0/policies/identitySecurityDefaultsEnforcementPolicy --body \'{"isEnabled": false}\'`',
    powerShell:
      '`Connect-MgGraph -Scopes Policy.Read.All,Policy.ReadWrite.SecurityDefaults`, then `Update-MgPolicyIdentitySecurityDefaultEnforcementPolicy -BodyParameter @{ isEnabled = $false }`',
    graph:
      '`PATCH /v1.0/policies/identitySecurityDefaultsEnforcementPolicy` with `{ "isEnabled": false }` (`Policy.ReadWrite.SecurityDefaults`)',
    after:
      'Check that every user is covered by a policy that asks for MFA, run `kerbwatch preflight` over the policies, and mount a share (`klist purge`, then mount).',
  },
  undo: 'Switch the Conditional Access policies off, then PATCH `isEnabled` back to `true`.',
  sources: [
    {
      title: 'Security defaults in Microsoft Entra ID',
      url: 'https://learn.microsoft.com/entra/fundamentals/security-defaults',
    },
    {
      title: 'Graph: identitySecurityDefaultsEnforcementPolicy',
      url: 'https://learn.microsoft.com/graph/api/resources/identitysecuritydefaultsenforcementpolicy',
    },
    {
      title: 'Enable Microsoft Entra Kerberos: disable MFA on the storage account',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-identity-auth-hybrid-identities-enable',
    },
  ],
};
