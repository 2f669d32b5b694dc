/** The names of what an audit reads; each is also the file name of a snapshot (`<name>.ndjson`). */
export const collectionNames = [
  'storage-accounts',
  'file-services',
  'file-shares',
  'private-endpoints',
  'role-assignments',
  'role-definitions',
  'applications',
  'service-principals',
  'oauth2-permission-grants',
  'conditional-access-policies',
  'named-locations',
  'security-defaults',
  'default-app-management-policy',
  'configuration-policies',
  'device-configurations',
  'devices',
  'managed-devices',
  'cloud-trusts',
] as const;

export type CollectionName = (typeof collectionNames)[number];

export function isCollectionName(name: string): name is CollectionName {
  return (collectionNames as readonly string[]).includes(name);
}

/** Why something could not be read. */
export const gapReasons = [
  'not-read', // nobody asked for it: a snapshot without the file
  'forbidden',
  'unauthorized',
  'not-visible', // a subscription that was asked for and that the caller cannot see
  'throttled',
  'truncated', // the service said that rows are missing, or counts do not add up
  'malformed', // an object that is not what its schema says
  'unreachable',
  'server-error',
] as const;

export type GapReason = (typeof gapReasons)[number];

/** One thing that could not be read. `needs` is the permission that would mend it, null where none would. */
export interface Gap {
  readonly collection: CollectionName;
  /** `tenant`, or `/subscriptions/<id>` in lower case, or an account id in lower case. */
  readonly scope: string;
  readonly reason: GapReason;
  readonly needs: string | null;
}

/**
 * What we know of a list. *known*: read whole, so absence counts. *partial*: presence counts, absence does not.
 * *unavailable*: nothing can be said. A read error is never an empty list.
 */
export type Collection<T> =
  | { readonly state: 'known'; readonly items: readonly T[] }
  | { readonly state: 'partial'; readonly items: readonly T[]; readonly gaps: readonly Gap[] }
  | { readonly state: 'unavailable'; readonly gaps: readonly Gap[] };

export function known<T>(items: readonly T[]): Collection<T> {
  return { state: 'known', items };
}

/** `known` when there is no gap, else `partial`. */
export function collected<T>(items: readonly T[], gaps: readonly Gap[]): Collection<T> {
  return gaps.length === 0 ? { state: 'known', items } : { state: 'partial', items, gaps };
}

export function unavailable<T>(...gaps: readonly Gap[]): Collection<T> {
  return { state: 'unavailable', gaps };
}

/** What is there of the list; absence in it proves nothing unless the state is `known`. */
export function itemsOf<T>(collection: Collection<T>): readonly T[] {
  return collection.state === 'unavailable' ? [] : collection.items;
}

export function gapsOf(collection: Collection<unknown>): readonly Gap[] {
  return collection.state === 'known' ? [] : collection.gaps;
}

/**
 * Whether a gap over `scope` may hide what has that ARM id, lower case: one over other subscriptions or resources does not,
 * any other may.
 */
export function mayHide(scope: string, key: string): boolean {
  const within = scope.toLowerCase();
  return !within.startsWith('/subscriptions/') || `${key}/`.startsWith(`${within}/`);
}
