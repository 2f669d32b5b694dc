import { type CollectionName } from '../../domain/model/collection.ts';
import { collectionPermissions } from '../../domain/model/permissions.ts';
import type { Rule } from '../../domain/rules/rule.ts';

/** A collection that a rule reads, and the permission that reading it takes. */
export interface NeededPermission {
  readonly collection: CollectionName;
  /** Name of the permission, with the role that holds it; null where no API answers. */
  readonly permission: string | null;
  /** Without it the rule may say unknown; else it is only less sure. */
  readonly needed: boolean;
}

export function neededPermissions({ needs, helpedBy }: Rule): readonly NeededPermission[] {
  return [
    ...needs.map((collection) => ({ collection, permission: permissionOf(collection), needed: true })),
    ...helpedBy.map((collection) => ({ collection, permission: permissionOf(collection), needed: false })),
  ];
}

function permissionOf(collection: CollectionName): string | null {
  const permission = collectionPermissions[collection]?.permission;
  if (permission === undefined) return null;
  return permission.api === 'graph' ? permission.name : `${permission.role} (${permission.name})`;
}
