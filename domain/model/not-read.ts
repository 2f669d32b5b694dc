import { type Collection, type CollectionName, unavailable } from './collection.ts';

/** The collection as it is where nobody asked for it. */
export function notRead<T>(collection: CollectionName): Collection<T> {
  return unavailable({ collection, scope: 'tenant', reason: 'not-read', needs: null });
}
