import type { Collection } from '../domain/model/collection.ts';
import { holdsSmbShares, type StorageAccount } from '../domain/model/storage-account.ts';
import { identitySource } from '../domain/rules/identity-source.ts';
import type { EstateSource, WireObject } from './estate-source.ts';

/**
 * The file services of the Entra Kerberos accounts among these that can hold SMB shares, one request each. Throws what
 * `source.readFileServices` throws.
 */
export function readServicesOf(
  accounts: readonly StorageAccount[],
  source: EstateSource,
): Promise<Collection<WireObject>> {
  const read = accounts.filter(
    ({ kind, directoryService }) => holdsSmbShares(kind) !== 'no' && identitySource(directoryService) === 'AADKERB',
  );
  return source.readFileServices(read.map(({ id }) => id));
}
