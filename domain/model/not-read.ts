import { type Collection, type CollectionName, type Gap, unavailable } from './collection.ts';

/** The collection as it is where nobody asked for it. */
export function notRead<T>(collection: CollectionName): Collection<T> {
  return unavailable(notReadGap(collection));
}

export function notReadGap(collection: CollectionName): Gap {
  return { collection, scope: 'tenant', reason: 'not-read', needs: null };
}
