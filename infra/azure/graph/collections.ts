/** A tenant-wide list in Microsoft Graph: what is asked, and the least application permission that answers it. */
export interface GraphList {
  readonly path: string;
  /** Asked in turn where the one before is refused with 400 or 403: the same list without what may be refused. */
  readonly plainer?: readonly string[];
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
  'web',
  'spa',
  'publicClient',
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

const applications = listOf('applications', applicationMembers);
const servicePrincipals = listOf('servicePrincipals', servicePrincipalMembers);
const servicePrincipalsAndAttributes = listOf('servicePrincipals', [
  ...servicePrincipalMembers,
  'customSecurityAttributes',
]);

/**
 * The lists an audit reads (domain facts 4). Conditional Access takes no `$top`, and its policies are read whole. An
 * expanded list holds 20 owners at most, and one is enough to know that there are any. An application and its principal
 * have owners of their own, and either kind can add credentials.
 */
export const graphLists = {
  applications: {
    path: withOwners(applications),
    plainer: [applications],
    needs: 'Application.Read.All',
  },
  'service-principals': {
    path: withOwners(servicePrincipals),
    plainer: [servicePrincipals],
    needs: 'Application.Read.All',
  },
  'oauth2-permission-grants': { path: listOf('oauth2PermissionGrants', grantMembers), needs: 'Directory.Read.All' },
  'conditional-access-policies': { path: '/v1.0/identity/conditionalAccess/policies', needs: 'Policy.Read.All' },
} as const satisfies Record<string, GraphList>;

/** The principals with the security attributes that an application filter of Conditional Access looks at. */
export const servicePrincipalsWithAttributes: GraphList = {
  path: withOwners(servicePrincipalsAndAttributes),
  plainer: [withOwners(servicePrincipals), servicePrincipalsAndAttributes, servicePrincipals],
  needs: graphLists['service-principals'].needs,
};

/** Single objects of the tenant that an audit reads. */
export const graphObjects = {
  'security-defaults': {
    path: '/v1.0/policies/identitySecurityDefaultsEnforcementPolicy',
    needs: 'Policy.Read.All',
  },
  'default-app-management-policy': { path: '/v1.0/policies/defaultAppManagementPolicy', needs: 'Policy.Read.All' },
} as const satisfies Record<string, GraphList>;

function withOwners(list: string): string {
  return `${list}&$expand=owners($select=id)`;
}

function listOf(resource: string, members: readonly string[]): string {
  return `/v1.0/${resource}?$select=${members.join(',')}&$top=999`;
}
