import type { RulePage } from './page.ts';

export const appAssignmentNotRequiredPage: RulePage = {
  rule: 'app-assignment-not-required',
  why: 'The storage provider leaves the switch off. It gets switched on by hand, or by a script or policy that hardens every enterprise application of the tenant. Assigning users or groups does not help: access to shares is given by share-level roles, never by an assignment to the app.',
  affected:
    'Everyone who mounts a share of the account: at once for new sessions, and for the others when their ticket ends.',
  reading: "`appRoleAssignmentRequired` of the app's service principal.",
  outcomes: [
    { when: 'it is false', outcome: 'pass', severity: null },
    { when: 'it is true', outcome: 'fail', severity: 'critical' },
    { when: 'no app, or an application without its principal', outcome: 'not-applicable', severity: null },
  ],
  unknown:
    'The service principal was not seen in a list that was not read, or not whole (`Application.Read.All` mends it); or the property was not in what was read, as in a snapshot taken without it.',
  fix: {
    before:
      'It takes a Cloud Application Administrator or an Application Administrator. Find out first who switched it on (Entra audit log, "Update service principal"): a script would do it again.',
    portal:
      'Entra admin center → Enterprise applications → `[Storage Account] HOST` → Properties → Assignment required: No → Save.',
    azureCli: '`az ad sp update --id APP_ID --set appRoleAssignmentRequired=false`',
    powerShell:
      '`Connect-MgGraph -Scopes Application.ReadWrite.All`, then `Update-MgServicePrincipal -ServicePrincipalId OBJECT_ID -AppRoleAssignmentRequired:$false`',
    graph: '`PATCH /v1.0/servicePrincipals/{object id}` with `{ "appRoleAssignmentRequired": false }`',
    after: 'On a client: `klist purge`, then mount a share.',
  },
  undo: 'Set `appRoleAssignmentRequired` to true again, which stops every mount.',
  sources: [
    {
      title: 'Troubleshoot identity-based authentication: AADSTS50105',
      url: 'https://learn.microsoft.com/troubleshoot/azure/azure-storage/files/security/files-troubleshoot-smb-authentication',
    },
    { title: 'Graph: update servicePrincipal', url: 'https://learn.microsoft.com/graph/api/serviceprincipal-update' },
  ],
};
