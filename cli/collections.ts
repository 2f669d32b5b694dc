import type { CollectionName } from '../domain/model/collection.ts';

/** What an audit reads. */
export const auditedCollections: readonly CollectionName[] = [
  'storage-accounts',
  'applications',
  'service-principals',
  'oauth2-permission-grants',
  'conditional-access-policies',
];

/** What a snapshot holds: all that an audit reads, and what a repair wants to know besides. */
export const snapshotCollections: readonly CollectionName[] = [...auditedCollections, 'private-endpoints'];
