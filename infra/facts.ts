import type { AccountFacts } from '../domain/audit/ports.ts';
import type { Collection } from '../domain/model/collection.ts';
import type { DirectoryFacts, EstateFacts } from '../domain/model/facts.ts';
import type { StorageAccount } from '../domain/model/storage-account.ts';
import type { EstateSource } from './estate-source.ts';
import { parseApplication } from './wire/application.ts';
import { parseConditionalAccessPolicy } from './wire/conditional-access-policy.ts';
import { parseOAuth2PermissionGrant } from './wire/oauth2-permission-grant.ts';
import { malformedGap, parseCollection } from './wire/parse-collection.ts';
import { parseServicePrincipal } from './wire/service-principal.ts';
import { parseStorageAccount } from './wire/storage-account.ts';
import { WireMalformed } from './wire/wire-malformed.ts';

/** The directory of the source's tenant. Throws what `source.read` throws. */
export async function readDirectoryFacts(source: EstateSource): Promise<DirectoryFacts> {
  const [applications, servicePrincipals, oauth2PermissionGrants, conditionalAccessPolicies] = await Promise.all([
    source.read('applications').then((raw) => parseCollection('applications', raw, parseApplication)),
    source.read('service-principals').then((raw) => parseCollection('service-principals', raw, parseServicePrincipal)),
    source
      .read('oauth2-permission-grants')
      .then((raw) => parseCollection('oauth2-permission-grants', raw, parseOAuth2PermissionGrant)),
    source
      .read('conditional-access-policies')
      .then((raw) => parseCollection('conditional-access-policies', raw, parseConditionalAccessPolicy)),
  ]);
  return {
    tenantId: source.tenantId,
    applications,
    servicePrincipals,
    oauth2PermissionGrants,
    conditionalAccessPolicies,
  };
}

/** Every storage account that the source sees, of whatever kind. Throws what `source.read` throws. */
export async function readStorageAccounts(source: EstateSource): Promise<Collection<StorageAccount>> {
  return parseCollection('storage-accounts', await source.read('storage-accounts'), parseStorageAccount);
}

/** Everything an audit of the source's estate rests on. Throws what `source.read` throws. */
export async function readEstateFacts(source: EstateSource): Promise<EstateFacts> {
  const [directory, storageAccounts] = await Promise.all([readDirectoryFacts(source), readStorageAccounts(source)]);
  return { directory, storageAccounts };
}

/**
 * One account, read on its own; an answer that is not what its schema says leaves the account unreadable. `accountId` is an
 * ARM id in any case. Throws what `source.readAccount` throws.
 */
export async function readStorageAccount(source: EstateSource, accountId: string): Promise<AccountFacts> {
  const reading = await source.readAccount(accountId);
  if (reading.state !== 'found') return reading;
  try {
    return { state: 'found', account: parseStorageAccount(reading.account) };
  } catch (error) {
    if (!(error instanceof WireMalformed)) throw error;
    return { state: 'unreadable', gap: malformedGap('storage-accounts', accountId.toLowerCase()) };
  }
}
