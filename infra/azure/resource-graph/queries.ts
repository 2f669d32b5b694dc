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

/** The subscriptions that the caller sees, with their management groups in `properties`. */
export const subscriptionsQuery = `resourcecontainers
| where type =~ 'microsoft.resources/subscriptions'
| project id, name, type, subscriptionId, tenantId, properties
| order by id asc`;
