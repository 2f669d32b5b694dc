/**
 * Every query that Kerbwatch sends to Resource Graph. Plain on purpose: whole columns, shaped in TypeScript. Each
 * projects `id`, orders by it and takes no limit; otherwise the service cuts the answer off in silence (domain facts 1.6).
 */

export const storageAccountsQuery = `resources
| where type =~ 'microsoft.storage/storageaccounts'
| project id, name, type, location, resourceGroup, subscriptionId, tenantId, kind, sku, tags, properties
| order by id asc`;

export const privateEndpointsQuery = `resources
| where type =~ 'microsoft.network/privateendpoints'
| project id, name, type, location, resourceGroup, subscriptionId, tenantId, properties
| order by id asc`;

/** Definitions of roles, the built-in ones too. All of them: what a wildcard reaches cannot be asked for by word. */
export const roleDefinitionsQuery = `authorizationresources
| where type =~ 'microsoft.authorization/roledefinitions'
| project id, name, type, subscriptionId, tenantId, properties
| order by id asc`;

/** Every role assignment; tells whether the caller may see any, for it has one itself. */
export const anyRoleAssignmentQuery = `authorizationresources
| where type =~ 'microsoft.authorization/roleassignments'
| project id, name, type
| order by id asc`;

/**
 * Assignments of the given roles: a large tenant has hundreds of thousands that say nothing of shares. The id of a
 * definition is spelled differently at each scope; only the GUID at its end is the same.
 *
 * @param roleIds GUIDs
 */
export function roleAssignmentsQuery(roleIds: readonly string[]): string {
  return `authorizationresources
| where type =~ 'microsoft.authorization/roleassignments' and properties.roleDefinitionId has_any (${roleIds.map((id) => `'${id}'`).join(', ')})
| project id, name, type, subscriptionId, tenantId, properties
| order by id asc`;
}

/** The subscriptions that the caller sees, with their management groups in `properties`. */
export const subscriptionsQuery = `resourcecontainers
| where type =~ 'microsoft.resources/subscriptions'
| project id, name, type, subscriptionId, tenantId, properties
| order by id asc`;

/**
 * What changed at one resource in the last 14 days, and who did it (domain facts 1.6). Time is looked at in TypeScript.
 *
 * @param resourceId ARM id
 * @throws RangeError for what could not stand in a text of the query
 */
export function resourceChangesQuery(resourceId: string): string {
  if (!/^[\w./()-]+$/u.test(resourceId)) throw new RangeError(`${JSON.stringify(resourceId)} is no ARM id`);
  return `resourcechanges
| where properties.targetResourceId =~ '${resourceId}'
| project id, name, type, properties
| order by id asc`;
}
