import type { EventAbout } from '../../domain/audit/resource-event.ts';

const group = String.raw`/subscriptions/[0-9a-f-]+/resourcegroups/[-\p{L}\p{N}_.()]*[-\p{L}\p{N}_()]`;
const account = new RegExp(
  String.raw`^${group}/providers/microsoft\.storage/storageaccounts/[a-z0-9]{3,24}(?=/|$)`,
  'iu',
);
const privateEndpoint = new RegExp(
  String.raw`^${group}/providers/microsoft\.network/privateendpoints/\w(?:[-\w.]*\w)?$`,
  'iu',
);
const roleAssignment = /^(.*)\/providers\/microsoft\.authorization\/roleassignments\/[^/]+$/iu;
const wideScope = new RegExp(
  String.raw`^(?:${group}|/subscriptions/[0-9a-f-]+|/providers/microsoft\.management/managementgroups/[^/]+|/)$`,
  'iu',
);

/** Services of an account that no rule reads; their every container and queue raises events. */
const otherServices = /\/storageaccounts\/[^/]+\/(?:blob|queue|table)services(?:\/|$)/iu;

/** Actions that read secrets or lists and change nothing. An action that is not known here may change something. */
const reading: ReadonlySet<string> = new Set(
  ['listKeys', 'listAccountSas', 'listServiceSas'].map((action) =>
    `Microsoft.Storage/storageAccounts/${action}/action`.toLowerCase(),
  ),
);

/**
 * What an event about that resource may concern (domain facts 6.1): an account for itself and all that lies below it, a
 * private endpoint, a scope at which a role was given or taken.
 * @param resourceId ARM id, any case. @param operation `Microsoft.Storage/storageAccounts/write` and the like; null where not told.
 */
export function eventAbout(resourceId: string, operation: string | null): EventAbout {
  if (operation !== null && reading.has(operation.toLowerCase())) {
    return { kind: 'nothing', why: 'the action changes nothing' };
  }
  const accountId = account.exec(resourceId)?.[0];
  if (accountId !== undefined) {
    return otherServices.test(resourceId)
      ? { kind: 'nothing', why: 'no rule reads that service of a storage account' }
      : { kind: 'account', accountId };
  }
  if (privateEndpoint.test(resourceId)) return { kind: 'private-endpoint', endpointId: resourceId };
  const scope = scopeOf(resourceId);
  if (scope !== null && wideScope.test(scope)) return { kind: 'role-scope', scope };
  return { kind: 'nothing', why: 'it is about no storage account, private endpoint or role above accounts' };
}

function scopeOf(resourceId: string): string | null {
  const scope = roleAssignment.exec(resourceId)?.[1];
  return scope === '' ? '/' : (scope ?? null);
}
