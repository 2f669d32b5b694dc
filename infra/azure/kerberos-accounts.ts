import type { WireObject } from '../estate-source.ts';
import { isAccountId } from './arm/account-id.ts';
import { isWireObject } from './wire-object.ts';

const kindsWithoutShares: ReadonlySet<string> = new Set(['blobstorage', 'blockblobstorage']);

/** Ids of the accounts among these that use Microsoft Entra Kerberos and can hold SMB shares (domain facts 1.1, 1.3). */
export function kerberosAccountIds(accounts: readonly WireObject[]): readonly string[] {
  return accounts.flatMap(({ id, kind, properties }) =>
    isAccountId(id) &&
    isEntraKerberos(properties) &&
    !(typeof kind === 'string' && kindsWithoutShares.has(kind.toLowerCase()))
      ? [id]
      : [],
  );
}

function isEntraKerberos(properties: unknown): boolean {
  const identity = isWireObject(properties) ? properties['azureFilesIdentityBasedAuthentication'] : null;
  const source = isWireObject(identity) ? identity['directoryServiceOptions'] : null;
  return typeof source === 'string' && source.toUpperCase() === 'AADKERB';
}
