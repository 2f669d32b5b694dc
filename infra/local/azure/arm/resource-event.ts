import type { LocalActor } from '../caller.ts';
import type { LocalCloud } from '../exchange.ts';
import { partsOfResourceId } from '../resource-id.ts';
import type { EventGridEvent } from './event-grid-event.ts';

export interface ResourceChange {
  /** ARM id of what changed. */
  readonly resourceId: string;
  readonly operation: string;
  readonly method: 'PUT' | 'PATCH' | 'DELETE';
  readonly actor: LocalActor;
  readonly correlationId: string;
}

/**
 * The event Azure raises for a change made through ARM. As in the official samples the subject writes
 * `/resourcegroups/` in lower case, the time has seven fraction digits, and there is no body of the resource.
 */
export function resourceEvent(cloud: LocalCloud, change: ResourceChange): EventGridEvent {
  const { actor, resourceId, correlationId } = change;
  const uri = resourceId.replace(/\/resourceGroups\//i, '/resourcegroups/');
  const subscriptionId = partsOfResourceId(resourceId)?.subscriptionId ?? '';
  return {
    id: cloud.newGuid(),
    topic: `/subscriptions/${subscriptionId}`,
    subject: uri,
    eventType:
      change.method === 'DELETE'
        ? 'Microsoft.Resources.ResourceDeleteSuccess'
        : 'Microsoft.Resources.ResourceWriteSuccess',
    eventTime: cloud.clock().toISOString().replace('Z', '0000Z'),
    data: {
      authorization: { scope: uri, action: change.operation, evidence: { role: 'Contributor' } },
      claims: claimsOf(cloud, actor),
      correlationId,
      httpRequest: {
        clientRequestId: cloud.newGuid(),
        clientIpAddress: '203.0.113.25',
        method: change.method,
        url: `${cloud.origin}${resourceId}`,
      },
      resourceProvider: 'Microsoft.Storage',
      resourceUri: uri,
      operationName: change.operation,
      status: 'Succeeded',
      subscriptionId,
      tenantId: cloud.tenant.tenantId,
    },
    dataVersion: '2',
    metadataVersion: '1',
  };
}

function claimsOf(cloud: LocalCloud, actor: LocalActor): Record<string, string> {
  const claims: Record<string, string> = {
    aud: 'https://management.core.windows.net/',
    iss: `https://sts.windows.net/${cloud.tenant.tenantId}/`,
    appid: actor.appId,
    ipaddr: '203.0.113.25',
    'http://schemas.microsoft.com/identity/claims/objectidentifier': actor.objectId,
    'http://schemas.microsoft.com/identity/claims/tenantid': cloud.tenant.tenantId,
  };
  if (actor.upn !== null) {
    claims['upn'] = actor.upn;
    claims['name'] = actor.upn.split('@')[0] ?? actor.upn;
  }
  return claims;
}
