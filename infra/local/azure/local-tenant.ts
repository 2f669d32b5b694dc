import type { CollectionName } from '../../../domain/model/collection.ts';
import type { WireObject } from './wire-object.ts';

export interface LocalSubscription {
  /** As the ids spell it; compared without case. */
  readonly id: string;
  readonly name: string;
  /** False: the caller has no right on it, so it is missing from lists and answers 403 by id. */
  readable: boolean;
  /** The tenant that it trusts where that is another one; absent: the tenant that is served. */
  tenantId?: string;
  /** Name of the management group it sits in, null for the tenant's root. */
  readonly managementGroup: string | null;
}

export interface LocalManagementGroup {
  readonly name: string;
  readonly displayName: string;
  /** Name of the parent group, null for the top one. */
  readonly parent: string | null;
}

/** Objects of one collection by lower-cased id (by line number where they have none), in file order. */
export type Collection = Map<string, WireObject>;

/** A tenant held in memory: raw wire objects in the collections of a snapshot directory. Everything in it may change. */
export interface LocalTenant {
  readonly tenantId: string;
  readonly subscriptions: LocalSubscription[];
  readonly managementGroups: LocalManagementGroup[];
  readonly collections: Map<CollectionName, Collection>;
  /** Collections the caller may not read: Graph answers 403, Resource Graph leaves the rows out. */
  readonly forbidden: Set<CollectionName>;
  /** Applications that were deleted and can be restored, by id; absent: none. */
  deletedApplications?: Collection;
  /** Rows of the Resource Graph table `resourcechanges`, oldest first. */
  readonly changes: WireObject[];
}

/** The collection of that name, made empty where the snapshot had none. */
export function collectionOf(tenant: LocalTenant, name: CollectionName): Collection {
  const known = tenant.collections.get(name);
  if (known !== undefined) return known;
  const made: Collection = new Map();
  tenant.collections.set(name, made);
  return made;
}

/** Takes an application out of the tenant; it can be restored from then on. */
export function deleteApplication(tenant: LocalTenant, id: string): void {
  const applications = collectionOf(tenant, 'applications');
  const application = applications.get(id.toLowerCase());
  if (application === undefined) return;
  applications.delete(id.toLowerCase());
  (tenant.deletedApplications ??= new Map()).set(id.toLowerCase(), application);
}

/** The subscription of that id, compared without case. */
export function subscriptionOf(tenant: LocalTenant, id: string): LocalSubscription | undefined {
  return tenant.subscriptions.find((subscription) => subscription.id.toLowerCase() === id.toLowerCase());
}

/** Management groups above a subscription, nearest first. */
export function ancestorsOf(tenant: LocalTenant, subscription: LocalSubscription): LocalManagementGroup[] {
  return chainFrom(tenant, subscription.managementGroup);
}

/** The management group of that name and those above it, nearest first; none for the tenant's root. */
export function chainFrom(tenant: LocalTenant, start: string | null): LocalManagementGroup[] {
  const chain: LocalManagementGroup[] = [];
  let name = start;
  while (name !== null && chain.length <= tenant.managementGroups.length) {
    const wanted = name;
    const group = tenant.managementGroups.find((candidate) => candidate.name === wanted);
    if (group === undefined) break;
    chain.push(group);
    name = group.parent;
  }
  return chain;
}
