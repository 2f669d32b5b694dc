import { compilePolicies, type CompiledPolicy } from '../conditional-access/compile.ts';
import { itemsOf } from '../model/collection.ts';
import type { ConditionalAccessPolicy } from '../model/conditional-access-policy.ts';
import type { Application, OAuth2PermissionGrant, ServicePrincipal } from '../model/directory.ts';
import type { DirectoryFacts } from '../model/facts.ts';
import { grouped } from './grouped.ts';

/** The tenant's directory with the look-ups that rules need, built once per run so that a rule costs no scan. */
export interface Directory {
  readonly facts: DirectoryFacts;
  /** By a servicePrincipalName in lower case. */
  principalsByName(name: string): readonly ServicePrincipal[];
  /** By an identifierUri in lower case. */
  applicationsByUri(uri: string): readonly Application[];
  /** By display name in lower case. */
  applicationsByDisplayName(name: string): readonly Application[];
  principalsByDisplayName(name: string): readonly ServicePrincipal[];
  /** By appId in lower case. */
  applicationsByAppId(appId: string): readonly Application[];
  principalsByAppId(appId: string): readonly ServicePrincipal[];
  /** By the client's service principal object id in lower case. */
  grantsByClient(servicePrincipalId: string): readonly OAuth2PermissionGrant[];
  readonly policies: readonly ConditionalAccessPolicy[];
  /** The same policies by name, read by the decision table once. */
  readonly compiledPolicies: readonly CompiledPolicy[];
}

export function indexDirectory(facts: DirectoryFacts): Directory {
  const applications = itemsOf(facts.applications);
  const principals = itemsOf(facts.servicePrincipals);
  const policies = itemsOf(facts.conditionalAccessPolicies);
  const byName = group(principals, (principal) => principal.servicePrincipalNames);
  const byUri = group(applications, (application) => application.identifierUris);
  const appsByTitle = group(applications, (application) => [application.displayName]);
  const principalsByTitle = group(principals, (principal) => [principal.displayName]);
  const appsById = group(applications, (application) => [application.appId]);
  const principalsById = group(principals, (principal) => [principal.appId]);
  const grants = group(itemsOf(facts.oauth2PermissionGrants), (grant) => [grant.clientId]);
  return {
    facts,
    principalsByName: (name) => byName.get(name) ?? [],
    applicationsByUri: (uri) => byUri.get(uri) ?? [],
    applicationsByDisplayName: (name) => appsByTitle.get(name) ?? [],
    principalsByDisplayName: (name) => principalsByTitle.get(name) ?? [],
    applicationsByAppId: (appId) => appsById.get(appId) ?? [],
    principalsByAppId: (appId) => principalsById.get(appId) ?? [],
    grantsByClient: (id) => grants.get(id) ?? [],
    policies,
    compiledPolicies: compilePolicies(policies),
  };
}

/** By keys that compare without case. */
function group<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): Map<string, T[]> {
  return grouped(items, (item) => keysOf(item).map((text) => text.toLowerCase()));
}
