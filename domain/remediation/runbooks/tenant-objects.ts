import type { Directory } from '../../rules/directory.ts';
import { storageResourceProvider } from '../../rules/app-management-policy-allows-rotation.ts';
import { bash, powerShell, shown } from './shell.ts';
import { graphCall, look, signIn } from './calls.ts';
import { aboutSubject, type ManualTask } from './task.ts';

/** Security defaults know no exclusion, and protect the whole tenant: what takes their place is for its owners to decide. */
export function securityDefaults(directory: Directory, why: string): ManualTask {
  const path = '/v1.0/policies/identitySecurityDefaultsEnforcementPolicy';
  const { tenantId } = directory.facts;
  return {
    runbook: 'security-defaults',
    title: 'Put Conditional Access policies in the place of security defaults, or accept them',
    why,
    about: aboutSubject('security-defaults'),
    rights:
      'Conditional Access Administrator, and Microsoft Entra ID P1. Without P1 keep security defaults and waive the finding, or use another identity source.',
    breaks: 'Between switching them off and the policies on, nobody is asked for MFA.',
    steps: [
      signIn(tenantId, null, ['Policy.Read.All', 'Policy.ReadWrite.SecurityDefaults']),
      look('Save what is there.', graphCall('GET', path), 'isEnabled is true.'),
      {
        does: `Make policies that ask all users for MFA and exclude every storage app by its appId, as report-only. The tenant has ${String(directory.policies.length)} policies now.`,
        commands: [],
        check: 'kerbwatch preflight over the exported policies has no finding.',
        back: 'Delete the policies that were made.',
      },
      {
        does: 'Switch security defaults off, and at once the policies on.',
        commands: graphCall('PATCH', path, { isEnabled: false }),
        check: 'A sign-in to the portal is asked for MFA, and a share mounts without.',
        back: `Switch the policies off, then: ${graphCall('PATCH', path, { isEnabled: true })[0]?.line ?? ''}`,
      },
    ],
  };
}

/** An exception for one caller of a policy over all apps: the list is replaced, and an error in it opens the tenant. */
export function appManagementPolicy(directory: Directory, why: string): ManualTask {
  const path = '/v1.0/policies/defaultAppManagementPolicy';
  return {
    runbook: 'app-management-policy',
    title: 'Except the Storage Resource Provider from what the tenant forbids of application passwords',
    why,
    about: aboutSubject('default-app-management-policy'),
    rights: 'Security Administrator with Cloud Application Administrator, and Attribute Assignment Administrator.',
    breaks:
      'Nothing stops meanwhile. Until then enabling Entra Kerberos fails, and passwords of storage apps may not be renewed.',
    steps: [
      signIn(directory.facts.tenantId, null, ['Policy.ReadWrite.ApplicationConfiguration', 'Application.Read.All']),
      look(
        'Save the policy.',
        graphCall('GET', path),
        'The restrictions of the finding are among servicePrincipalRestrictions.',
      ),
      look(
        'Find the provider in the tenant.',
        [
          bash`az ad sp show --id ${storageResourceProvider}`,
          powerShell`Get-MgServicePrincipal -Filter ${`appId eq '${storageResourceProvider}'`}`,
        ],
        'It is there. Without it Entra Kerberos was never enabled in the tenant.',
      ),
      {
        does: 'Entra admin center → Enterprise apps → Application policies → each restriction in the way → Applies to: All applications with exclusions → Excluded callers → Storage Resource Provider → Save.',
        commands: [],
        check:
          'A GET of the policy shows each restriction as it was saved, with excludeActors beside it; enabling Entra Kerberos on a test account works.',
        back: 'PATCH the policy with servicePrincipalRestrictions as they were saved.',
      },
    ],
  };
}

/** Deleting is for a person, and the account may be restored. @param subject appId */
export function orphanedApp(directory: Directory, subject: string, why: string): ManualTask {
  const application = directory.applicationsByAppId(subject)[0];
  const principal = directory.principalsByAppId(subject)[0];
  const name = (application ?? principal)?.displayName ?? subject;
  const path =
    application === undefined
      ? `/v1.0/servicePrincipals/${principal?.id ?? subject}`
      : `/v1.0/applications/${application.id}`;
  return {
    runbook: 'orphaned-app',
    title: `Delete the app ${shown(name)}, whose storage account is gone`,
    why,
    about: aboutSubject(subject),
    rights: 'Cloud Application Administrator.',
    breaks: 'Nothing, unless the storage account is restored: then it needs the app.',
    steps: [
      signIn(directory.facts.tenantId, null, ['Application.ReadWrite.All']),
      look('Ask whether somebody means to restore the account; that goes for 14 days.', [], 'Nobody does.'),
      look('Save the app.', graphCall('GET', path), `appId is ${shown(subject)}.`),
      {
        does: 'Delete it.',
        commands: graphCall('DELETE', path),
        check: 'A GET answers 404. mfa-exclusion-not-orphaned names the policies that still exclude it.',
        back:
          application === undefined
            ? 'A service principal alone can be restored from the deleted items for 30 days.'
            : `For 30 days: ${graphCall('POST', `/v1.0/directory/deletedItems/${application.id}/restore`)[0]?.line ?? ''}`,
      },
    ],
  };
}

/** Kerbwatch cannot give itself a permission, and must not. @param subject as the finding names it */
export function coverage(tenantId: string, subject: string, why: string): ManualTask {
  return {
    runbook: 'coverage',
    title: `Let the auditor read ${shown(subject)} again`,
    why,
    about: aboutSubject(subject),
    rights:
      'Owner or User Access Administrator on the subscription; Privileged Role Administrator for Microsoft Graph.',
    breaks: 'Nothing: findings that rest on it stay as they were.',
    steps: [
      signIn(tenantId, null, ['AppRoleAssignment.ReadWrite.All']),
      look(
        'Compare what the auditor needs with what it has; the finding names what is missing.',
        [bash`npx kerbwatch permissions --role auditor`, powerShell`npx kerbwatch permissions --role auditor`],
        'The permission of the finding is missing, or the reason is one that passes by itself.',
      ),
      {
        does: "Give the auditor's identity the permission that the finding names: Reader for Azure, the app role for Microsoft Graph.",
        commands: [],
        check: 'The next audit has no coverage-lost for it.',
        back: 'Take the assignment away again.',
      },
    ],
  };
}
