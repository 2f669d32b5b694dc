import { type Collection, type CollectionName, type Gap, gapsOf } from './collection.ts';
import type { ConditionalAccessPolicy } from './conditional-access-policy.ts';
import type { Application, OAuth2PermissionGrant, ServicePrincipal } from './directory.ts';
import type { FileService, PrivateEndpoint, RoleAssignment, RoleDefinition } from './resources.ts';
import type { StorageAccount } from './storage-account.ts';
import type { AppManagementPolicy, SecurityDefaults } from './tenant-policies.ts';

/** The tenant's directory, read once for all accounts of a run. */
export interface DirectoryFacts {
  /** Lower case. */
  readonly tenantId: string;
  readonly applications: Collection<Application>;
  readonly servicePrincipals: Collection<ServicePrincipal>;
  readonly oauth2PermissionGrants: Collection<OAuth2PermissionGrant>;
  readonly conditionalAccessPolicies: Collection<ConditionalAccessPolicy>;
  /** One object. */
  readonly securityDefaults: Collection<SecurityDefaults>;
  /** One object. */
  readonly defaultAppManagementPolicy: Collection<AppManagementPolicy>;
}

/** What surrounds the accounts in Azure, read once for all accounts of a run. */
export interface ResourceFacts {
  readonly privateEndpoints: Collection<PrivateEndpoint>;
  readonly roleAssignments: Collection<RoleAssignment>;
  readonly roleDefinitions: Collection<RoleDefinition>;
}

/** What is read once and shared by all accounts of a run. */
export interface SharedFacts {
  readonly directory: DirectoryFacts;
  readonly resources: ResourceFacts;
}

/** Accounts, and what is read for each of them. */
export interface AccountsFacts {
  readonly storageAccounts: Collection<StorageAccount>;
  /** Of the Entra Kerberos accounts among them; a gap over one account has that account as scope. */
  readonly fileServices: Collection<FileService>;
}

/** Everything one audit of an estate rests on. */
export type EstateFacts = SharedFacts & AccountsFacts;

/** The collections that the facts hold, by name. */
export function collectionsOf({
  directory,
  resources,
  storageAccounts,
  fileServices,
}: SharedFacts & Partial<AccountsFacts>): Partial<Record<CollectionName, Collection<unknown>>> {
  return {
    ...(storageAccounts === undefined ? {} : { 'storage-accounts': storageAccounts }),
    ...(fileServices === undefined ? {} : { 'file-services': fileServices }),
    applications: directory.applications,
    'service-principals': directory.servicePrincipals,
    'oauth2-permission-grants': directory.oauth2PermissionGrants,
    'conditional-access-policies': directory.conditionalAccessPolicies,
    'security-defaults': directory.securityDefaults,
    'default-app-management-policy': directory.defaultAppManagementPolicy,
    'private-endpoints': resources.privateEndpoints,
    'role-assignments': resources.roleAssignments,
    'role-definitions': resources.roleDefinitions,
  };
}

/** What could not be read of these collections. */
export function gapsIn(facts: SharedFacts & Partial<AccountsFacts>, names: Iterable<CollectionName>): readonly Gap[] {
  const collections = collectionsOf(facts);
  return [...names].flatMap((name) => {
    const collection = collections[name];
    return collection === undefined ? [] : gapsOf(collection);
  });
}
