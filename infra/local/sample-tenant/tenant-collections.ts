import type { CollectionName } from '../../../domain/model/collection.ts';
import type { WireObject } from '../azure/wire-object.ts';
import type { AccountPlan } from './account-plan.ts';
import { fileService, privateEndpoints, sharesByKerberos, storageAccount } from './accounts.ts';
import { consents } from './consents.ts';
import { conditionalAccessPolicies, namedLocations } from './policies.ts';
import { auditorAssignment, roleAssignments, roleDefinitions } from './roles.ts';
import { storageApp } from './storage-apps.ts';
import { defaultAppManagementPolicy, securityDefaults } from './tenant-policies.ts';
import { unrelatedApps, unrelatedConsents } from './unrelated-apps.ts';

/** Everything of a tenant with these accounts, in wire format; every date is relative to `now`. */
export function tenantCollections(
  plans: readonly AccountPlan[],
  now: Date,
): Partial<Record<CollectionName, readonly WireObject[]>> {
  const standing = plans.filter(({ deleted }) => deleted !== true);
  const apps = [...plans.map((plan) => storageApp(plan, now)), unrelatedApps(now)];
  return {
    'storage-accounts': standing.map((plan) => storageAccount(plan, now)),
    'file-services': standing.filter(sharesByKerberos).map(fileService),
    'private-endpoints': standing.flatMap(privateEndpoints),
    'role-assignments': [auditorAssignment(now), ...standing.flatMap((plan) => roleAssignments(plan, now))],
    'role-definitions': roleDefinitions(now),
    applications: apps.flatMap(({ applications }) => applications),
    'service-principals': apps.flatMap(({ servicePrincipals }) => servicePrincipals),
    'oauth2-permission-grants': [...plans.flatMap(consents), ...unrelatedConsents()],
    'conditional-access-policies': conditionalAccessPolicies(plans, now),
    'named-locations': namedLocations(now),
    'security-defaults': [securityDefaults],
    'default-app-management-policy': [defaultAppManagementPolicy],
  };
}
