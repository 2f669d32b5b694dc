import { type Collection, type Gap, gapsOf } from './collection.ts';
import type { ConditionalAccessPolicy } from './conditional-access-policy.ts';
import type { Application, OAuth2PermissionGrant, ServicePrincipal } from './directory.ts';
import type { StorageAccount } from './storage-account.ts';

/** The tenant's directory, read once for all accounts of a run. */
export interface DirectoryFacts {
  /** Lower case. */
  readonly tenantId: string;
  readonly applications: Collection<Application>;
  readonly servicePrincipals: Collection<ServicePrincipal>;
  readonly oauth2PermissionGrants: Collection<OAuth2PermissionGrant>;
  readonly conditionalAccessPolicies: Collection<ConditionalAccessPolicy>;
}

/** Everything one audit of an estate rests on. */
export interface EstateFacts {
  readonly directory: DirectoryFacts;
  readonly storageAccounts: Collection<StorageAccount>;
}

/** Everything of the directory that could not be read. */
export function directoryGaps(facts: DirectoryFacts): readonly Gap[] {
  return [
    ...gapsOf(facts.applications),
    ...gapsOf(facts.servicePrincipals),
    ...gapsOf(facts.oauth2PermissionGrants),
    ...gapsOf(facts.conditionalAccessPolicies),
  ];
}
