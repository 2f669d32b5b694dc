/** A tenant-wide list in Microsoft Graph: what is asked, and the least application permission that answers it. */
export interface GraphList {
  readonly path: string;
  readonly needs: string;
}

const applicationMembers = [
  'id',
  'appId',
  'displayName',
  'identifierUris',
  'tags',
  'requiredResourceAccess',
  'createdDateTime',
  'passwordCredentials',
  'keyCredentials',
];

const servicePrincipalMembers = [
  'id',
  'appId',
  'displayName',
  'accountEnabled',
  'disabledByMicrosoftStatus',
  'appRoleAssignmentRequired',
  'servicePrincipalNames',
  'servicePrincipalType',
  'tags',
  'passwordCredentials',
  'keyCredentials',
  'appOwnerOrganizationId',
];

const grantMembers = ['id', 'clientId', 'consentType', 'principalId', 'resourceId', 'scope'];

/** The lists an audit reads (domain facts 4). Conditional Access takes no `$top`, and its policies are read whole. */
export const graphLists = {
  applications: { path: listOf('applications', applicationMembers), needs: 'Application.Read.All' },
  'service-principals': { path: listOf('servicePrincipals', servicePrincipalMembers), needs: 'Application.Read.All' },
  'oauth2-permission-grants': { path: listOf('oauth2PermissionGrants', grantMembers), needs: 'Directory.Read.All' },
  'conditional-access-policies': { path: '/v1.0/identity/conditionalAccess/policies', needs: 'Policy.Read.All' },
} as const satisfies Record<string, GraphList>;

export type GraphCollectionName = keyof typeof graphLists;

function listOf(resource: string, members: readonly string[]): string {
  return `/v1.0/${resource}?$select=${members.join(',')}&$top=999`;
}
