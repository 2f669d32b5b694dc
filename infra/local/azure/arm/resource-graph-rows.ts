import type { LocalCloud } from '../exchange.ts';
import type { CollectionName } from '../../../../domain/model/collection.ts';
import { dynamicColumns, type TableName } from '../kql/query.ts';
import { partsOfResourceId } from '../resource-id.ts';
import { ancestorsOf, collectionOf, type LocalTenant, subscriptionOf } from '../local-tenant.ts';
import { textOf, type WireObject } from '../wire-object.ts';

const collectionsOfTable: Readonly<Record<TableName, readonly CollectionName[]>> = {
  resources: ['storage-accounts', 'private-endpoints'],
  authorizationresources: ['role-assignments', 'role-definitions'],
  resourcechanges: [],
  resourcecontainers: [],
};

/**
 * Rows of one Resource Graph table in the given subscriptions (lower-cased ids). Forbidden collections give no rows.
 *
 * @param inherited whether rows of the management groups above them, and of the tenant, count too
 */
export function rowsOf(
  cloud: LocalCloud,
  table: TableName,
  subscriptions: ReadonlySet<string>,
  inherited: boolean,
): WireObject[] {
  const { tenant, faults } = cloud;
  const rows: WireObject[] = [];
  for (const name of collectionsOfTable[table]) {
    if (tenant.forbidden.has(name) || faults.isForbidden(name)) continue;
    for (const resource of collectionOf(tenant, name).values()) rows.push(toRow(tenant, resource));
  }
  if (table === 'resourcechanges') for (const change of tenant.changes) rows.push(toRow(tenant, change));
  if (table === 'resourcecontainers') rows.push(...subscriptionRows(tenant));
  const above = inherited ? groupsAbove(tenant, subscriptions) : null;
  return rows.filter((row) => {
    const subscription = textOf(row, 'subscriptionId') ?? '';
    return subscription === '' ? isAbove(textOf(row, 'id') ?? '', above) : subscriptions.has(subscription);
  });
}

/** Names, lower case, of the management groups above the subscriptions. */
function groupsAbove(tenant: LocalTenant, subscriptions: ReadonlySet<string>): ReadonlySet<string> {
  const chosen = tenant.subscriptions.filter(({ id }) => subscriptions.has(id.toLowerCase()));
  return new Set(chosen.flatMap((each) => ancestorsOf(tenant, each).map(({ name }) => name.toLowerCase())));
}

/** A row outside subscriptions belongs to a management group, or to the whole tenant. */
function isAbove(id: string, groups: ReadonlySet<string> | null): boolean {
  if (groups === null) return false;
  const [, group] = /^\/providers\/Microsoft\.Management\/managementGroups\/([^/]+)\//i.exec(id) ?? [];
  return group === undefined || groups.has(group.toLowerCase());
}

/** An ARM resource as Resource Graph shows it: `type` and `resourceGroup` lower case, `id` as it is. */
function toRow(tenant: LocalTenant, resource: WireObject): WireObject {
  const id = textOf(resource, 'id') ?? '';
  const parts = partsOfResourceId(id);
  const row: WireObject = {
    id,
    name: textOf(resource, 'name') ?? '',
    type: (textOf(resource, 'type') ?? '').toLowerCase(),
    tenantId:
      textOf(resource, 'tenantId') ?? subscriptionOf(tenant, parts?.subscriptionId ?? '')?.tenantId ?? tenant.tenantId,
    kind: textOf(resource, 'kind') ?? '',
    location: textOf(resource, 'location') ?? '',
    resourceGroup: (parts?.resourceGroup ?? '').toLowerCase(),
    subscriptionId: (parts?.subscriptionId ?? '').toLowerCase(),
    managedBy: textOf(resource, 'managedBy') ?? '',
  };
  for (const column of dynamicColumns) row[column] = resource[column] ?? null;
  return row;
}

function subscriptionRows(tenant: LocalTenant): WireObject[] {
  return tenant.subscriptions.map((subscription) =>
    toRow(tenant, {
      id: `/subscriptions/${subscription.id}`,
      name: subscription.name,
      type: 'microsoft.resources/subscriptions',
      properties: {
        state: 'Enabled',
        managementGroupAncestorsChain: ancestorsOf(tenant, subscription).map(({ name, displayName }) => ({
          name,
          displayName,
        })),
      },
    }),
  );
}
