import type { LocalCloud, LocalRequest } from '../exchange.ts';
import type { WireObject } from '../wire-object.ts';
import { textOf } from '../wire-object.ts';
import { changeRow } from './change-row.ts';
import { resourceEvent, type ResourceChange } from './resource-event.ts';

/**
 * What follows a successful change through ARM: a row in `resourcechanges` and an Event Grid event, joined by their
 * correlation id. ARM raises the event for every write that succeeds, also one that changes nothing.
 */
export function announce(
  cloud: LocalCloud,
  request: LocalRequest,
  operation: string,
  before: WireObject | null,
  after: WireObject | null,
): void {
  const resource = after ?? before ?? {};
  const change: ResourceChange = {
    resourceId: textOf(resource, 'id') ?? request.path,
    operation,
    method: request.method === 'DELETE' ? 'DELETE' : request.method === 'PUT' ? 'PUT' : 'PATCH',
    actor: request.actor,
    correlationId: cloud.newGuid(),
  };
  cloud.tenant.changes.push(changeRow(cloud, change, textOf(resource, 'type') ?? '', before, after));
  cloud.raise(resourceEvent(cloud, change));
}
