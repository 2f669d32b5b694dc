import type { LocalCloud } from '../exchange.ts';
import { isWireObject, type WireObject } from '../wire-object.ts';
import type { ResourceChange } from './resource-event.ts';

/** The row Resource Graph keeps in `resourcechanges` for a change; null states stand for "was not there". */
export function changeRow(
  cloud: LocalCloud,
  change: ResourceChange,
  type: string,
  before: WireObject | null,
  after: WireObject | null,
): WireObject {
  const updated = before !== null && after !== null;
  // Resource Graph lists no changes for Create and Delete.
  const changes = updated ? differences(before, after) : {};
  return {
    id: `${change.resourceId}/providers/Microsoft.Resources/changes/${cloud.newGuid()}`,
    name: change.correlationId,
    type: 'microsoft.resources/changes',
    properties: {
      targetResourceId: change.resourceId,
      targetResourceType: type.toLowerCase(),
      changeType: updated ? 'Update' : before === null ? 'Create' : 'Delete',
      changes,
      changeAttributes: {
        timestamp: cloud.clock().toISOString(),
        correlationId: change.correlationId,
        changedBy: change.actor.upn ?? change.actor.objectId,
        changedByType: change.actor.upn === null ? 'Application' : 'User',
        clientType: 'Unspecified',
        operation: change.operation,
        changesCount: Object.keys(changes).length,
        previousResourceSnapshotId: cloud.newGuid(),
        newResourceSnapshotId: cloud.newGuid(),
      },
    },
  };
}

function differences(before: WireObject, after: WireObject): Record<string, WireObject> {
  const old = leavesOf(before, '');
  const current = leavesOf(after, '');
  const changes: Record<string, WireObject> = {};
  for (const path of new Set([...old.keys(), ...current.keys()])) {
    const previousValue = old.get(path) ?? 'null';
    const newValue = current.get(path) ?? 'null';
    if (previousValue !== newValue) changes[path] = { previousValue, newValue };
  }
  return changes;
}

/** Every value below an object by its dotted path, as a string; a list is one value. */
function leavesOf(object: WireObject, prefix: string): Map<string, string> {
  const leaves = new Map<string, string>();
  for (const [key, value] of Object.entries(object)) {
    const path = `${prefix}${key}`;
    if (isWireObject(value)) for (const [below, text] of leavesOf(value, `${path}.`)) leaves.set(below, text);
    else leaves.set(path, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return leaves;
}
