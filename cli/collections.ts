import { type CollectionName, collectionNames } from '../domain/model/collection.ts';
import { rules } from '../domain/rules/index.ts';

/** The accounts themselves, and what rules need or can use. */
const audited: ReadonlySet<CollectionName> = new Set([
  'storage-accounts',
  ...rules.flatMap(({ needs, helpedBy }) => [...needs, ...helpedBy]),
]);

/** What an audit reads, in the order of `collectionNames`. */
export const auditedCollections: readonly CollectionName[] = collectionNames.filter((name) => audited.has(name));

/** What a snapshot holds: all that an audit reads, and what a repair wants to know besides. */
export const snapshotCollections: readonly CollectionName[] = collectionNames.filter(
  (name) => audited.has(name) || name === 'private-endpoints',
);
