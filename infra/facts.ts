import type { AccountFacts } from '../domain/audit/ports.ts';
import type { Collection, CollectionName } from '../domain/model/collection.ts';
import type { DirectoryFacts, EstateFacts, ResourceFacts, SharedFacts } from '../domain/model/facts.ts';
import type { FileService } from '../domain/model/resources.ts';
import type { StorageAccount } from '../domain/model/storage-account.ts';
import type { EstateSource, WireObject } from './estate-source.ts';
import { parseAppManagementPolicy } from './wire/app-management-policy.ts';
import { parseApplication } from './wire/application.ts';
import { parseConditionalAccessPolicy } from './wire/conditional-access-policy.ts';
import { parseFileService } from './wire/file-service.ts';
import { parseOAuth2PermissionGrant } from './wire/oauth2-permission-grant.ts';
import { malformedGap, parseCollection } from './wire/parse-collection.ts';
import { parsePrivateEndpoint } from './wire/private-endpoint.ts';
import { parseRoleAssignment } from './wire/role-assignment.ts';
import { parseRoleDefinition } from './wire/role-definition.ts';
import { parseSecurityDefaults } from './wire/security-defaults.ts';
import { parseServicePrincipal } from './wire/service-principal.ts';
import { parseStorageAccount } from './wire/storage-account.ts';
import { WireMalformed } from './wire/wire-malformed.ts';

/** The directory of the source's tenant. Throws what `source.read` throws. */
export async function readDirectoryFacts(source: EstateSource): Promise<DirectoryFacts> {
  const [
    applications,
    servicePrincipals,
    oauth2PermissionGrants,
    conditionalAccessPolicies,
    securityDefaults,
    defaultAppManagementPolicy,
  ] = await Promise.all([
    read(source, 'applications', parseApplication),
    read(source, 'service-principals', parseServicePrincipal),
    read(source, 'oauth2-permission-grants', parseOAuth2PermissionGrant),
    read(source, 'conditional-access-policies', parseConditionalAccessPolicy),
    read(source, 'security-defaults', parseSecurityDefaults),
    read(source, 'default-app-management-policy', parseAppManagementPolicy),
  ]);
  return {
    tenantId: source.tenantId,
    applications,
    servicePrincipals,
    oauth2PermissionGrants,
    conditionalAccessPolicies,
    securityDefaults,
    defaultAppManagementPolicy,
  };
}

/** What surrounds the source's accounts in Azure. Throws what `source.read` throws. */
export async function readResourceFacts(source: EstateSource): Promise<ResourceFacts> {
  const [privateEndpoints, roleAssignments, roleDefinitions] = await Promise.all([
    read(source, 'private-endpoints', parsePrivateEndpoint),
    read(source, 'role-assignments', parseRoleAssignment),
    read(source, 'role-definitions', parseRoleDefinition),
  ]);
  return { privateEndpoints, roleAssignments, roleDefinitions };
}

/** What all accounts of the source share. Throws what `source.read` throws. */
export async function readSharedFacts(source: EstateSource): Promise<SharedFacts> {
  const [directory, resources] = await Promise.all([readDirectoryFacts(source), readResourceFacts(source)]);
  return { directory, resources };
}

/** Every storage account that the source sees, of whatever kind. Throws what `source.read` throws. */
export function readStorageAccounts(source: EstateSource): Promise<Collection<StorageAccount>> {
  return read(source, 'storage-accounts', parseStorageAccount);
}

/** The file services of the source's Entra Kerberos accounts. Throws what `source.read` throws. */
export function readFileServices(source: EstateSource): Promise<Collection<FileService>> {
  return read(source, 'file-services', parseFileService);
}

/** Everything an audit of the source's estate rests on. Throws what `source.read` throws. */
export async function readEstateFacts(source: EstateSource): Promise<EstateFacts> {
  const [shared, storageAccounts, fileServices] = await Promise.all([
    readSharedFacts(source),
    readStorageAccounts(source),
    readFileServices(source),
  ]);
  return { ...shared, storageAccounts, fileServices };
}

async function read<T>(
  source: EstateSource,
  name: CollectionName,
  parse: (object: WireObject) => T,
): Promise<Collection<T>> {
  return parseCollection(name, await source.read(name), parse);
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
