import type { RulePage } from './page.ts';

export const coverageLostPage: RulePage = {
  rule: 'coverage-lost',
  why: 'A rule that cannot read what it needs says unknown, and unknown leaves every finding as it is: the accounts would all stay silent. So what was lost is told once, for the subscription or the collection, and not once for each account.',
  affected:
    'Nobody who mounts a share. Whoever relies on this audit is told nothing new of what is lost until it is back.',
  reading:
    'Each nightly run keeps a ledger: for every collection and subscription, or for the tenant, the rows, the pages and the gaps with the permission that is missing. When a run ends, its ledger is compared with that of the last finished run. Something counts as lost when it was read whole by some run before, was asked for again and was not read whole this time, for whatever reason. A subscription that is lost is one finding, under its storage accounts. The first run opens none; neither does a subscription that left the scope: one no longer named, no longer below the management groups, or left out by `scope.exclude`. A single `kerbwatch audit` has no run before it and tells its gaps by exit code 3.',
  outcomes: [
    { when: 'all that was read before was read again', outcome: 'pass', severity: null },
    { when: 'something that was read before was not read whole', outcome: 'fail', severity: 'high' },
  ],
  unknown: 'Never: a reading that failed is what it tells of. Nothing else is resolved or opened by it.',
  fix: {
    before:
      'The finding names the collections, the reason and the permission. `kerbwatch permissions` lists what the auditor needs. A reason that passes by itself (throttled, unreachable, server-error) resolves with the next night; a subscription that was deleted or given away is taken out of the scope: add it to `scope.exclude`, or no longer name it.',
    portal:
      "For a subscription: Subscriptions → the subscription → Access control (IAM) → Add role assignment → Reader → the auditor's managed identity. For Microsoft Graph: Entra admin center → Enterprise applications → the auditor → Permissions shows what is left; application permissions of a managed identity are given by command line.",
    azureCli:
      '`az role assignment create --assignee-object-id AUDITOR --assignee-principal-type ServicePrincipal --role Reader --scope /subscriptions/SUBSCRIPTION`',
    powerShell:
      '`New-AzRoleAssignment -ObjectId AUDITOR -RoleDefinitionName Reader -Scope /subscriptions/SUBSCRIPTION`; for Microsoft Graph `New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId AUDITOR -PrincipalId AUDITOR -ResourceId GRAPH -AppRoleId ROLE`',
    graph:
      '`POST /v1.0/servicePrincipals/AUDITOR/appRoleAssignments` with `{ "principalId", "resourceId", "appRoleId" }` (`AppRoleAssignment.ReadWrite.All`)',
    after: 'The next nightly audit reads it again and resolves the finding.',
  },
  undo: 'Take the role assignment or the app role away again.',
  sources: [
    {
      title: 'Azure Resource Graph: permissions',
      url: 'https://learn.microsoft.com/azure/governance/resource-graph/overview#permissions-in-azure-resource-graph',
    },
    {
      title: 'Graph: grant an app role to a service principal',
      url: 'https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignments',
    },
  ],
};
