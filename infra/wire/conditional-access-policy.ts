import { z } from 'zod';
import type { ConditionalAccessPolicy, PolicyAsRead } from '../../domain/model/conditional-access-policy.ts';
import type { WireObject } from '../estate-source.ts';
import { optionalText, title } from './fields.ts';
import { keyword } from './keyword.ts';
import { parseWire } from './parse-wire.ts';
import { type PolicyConditions, policyConditions } from './policy-conditions.ts';
import { policyGrantControls } from './policy-grant-controls.ts';
import { isSet } from './policy-section.ts';

const folded = optionalText.transform((text) => text?.toLowerCase() ?? null);

/** Decides nothing, so that one in an odd shape is no reason to refuse the policy. */
const sessionControls = z
  .object({
    signInFrequency: z.object({ isEnabled: z.boolean().nullish(), frequencyInterval: optionalText }).nullish(),
  })
  .nullish()
  .catch(null)
  .transform((controls) => {
    const frequency = controls?.signInFrequency;
    const everyTime = frequency?.frequencyInterval?.toLowerCase() === 'everytime';
    return everyTime && frequency.isEnabled !== false ? 'everyTime' : null;
  });

/** `state` and `conditions` have to be there: a policy without them would seem to do nothing. */
const wirePolicy = z
  .object({
    id: folded,
    displayName: title,
    templateId: folded,
    state: z
      .string()
      .min(1)
      .transform(keyword('enabled', 'disabled', 'enabledForReportingButNotEnforced')),
    conditions: z
      .unknown()
      .refine((part): boolean => part !== undefined && part !== null, 'has to be there')
      .pipe(policyConditions),
    grantControls: policyGrantControls,
    sessionControls,
    partialEnablementStrategy: z.unknown().optional(),
  })
  .transform((policy): ConditionalAccessPolicy => {
    const { known: conditions } = policy.conditions;
    const users = conditions.users.known;
    return {
      id: policy.id,
      displayName: policy.displayName,
      templateId: policy.templateId,
      state: policy.state,
      applications: applicationsOf(conditions),
      users: {
        includeUsers: users.includeUsers,
        excludeUsers: users.excludeUsers,
        includeGroups: users.includeGroups,
        excludeGroups: users.excludeGroups,
        includeRoles: users.includeRoles,
        excludeRoles: users.excludeRoles,
        includesGuests: namesGuests(users.includeGuestsOrExternalUsers),
        excludesGuests: namesGuests(users.excludeGuestsOrExternalUsers),
      },
      selectsWorkloadIdentities:
        conditions.clientApplications ||
        conditions.agents ||
        conditions.agentIdRiskLevels ||
        conditions.servicePrincipalRiskLevels,
      clientAppTypes: conditions.clientAppTypes.includes('all') ? [] : conditions.clientAppTypes,
      platforms: {
        include: conditions.platforms.known.includePlatforms,
        exclude: conditions.platforms.known.excludePlatforms,
      },
      locations: {
        include: conditions.locations.known.includeLocations,
        exclude: conditions.locations.known.excludeLocations,
      },
      deviceFilter: conditions.devices.known.deviceFilter,
      signInRiskLevels: conditions.signInRiskLevels,
      userRiskLevels: conditions.userRiskLevels,
      insiderRiskLevels: conditions.insiderRiskLevels,
      transferMethods: conditions.authenticationFlows.known.transferMethods.filter((method) => method !== 'none'),
      unreadConditions: unreadOf(policy.conditions, policy.partialEnablementStrategy),
      grantControls: policy.grantControls,
      signInFrequency: policy.sessionControls,
    };
  });

/**
 * A Graph `conditionalAccessPolicy`, v1.0 or beta, listed, exported or still a file (domain facts 3.1). Whatever is set under
 * `conditions` and not known here is named in `unreadConditions`. Throws `WireMalformed`.
 */
export function parseConditionalAccessPolicy(object: WireObject): ConditionalAccessPolicy {
  const policy = parseWire('conditional access policy', wirePolicy, object);
  const asRead = asReadOf(object);
  return asRead === null ? policy : { ...policy, asRead };
}

/** `modifiedDateTime` has to be there, null though it may be: without it nobody can tell whether the policy was edited. */
const writable = z
  .object({
    modifiedDateTime: z.string().nullable(),
    conditions: z.object({ applications: z.record(z.string(), z.json()) }),
  })
  .transform(({ modifiedDateTime, conditions }): PolicyAsRead => ({ ...conditions, modifiedDateTime }));

function asReadOf(object: WireObject): PolicyAsRead | null {
  return writable.safeParse(object).data ?? null;
}

function applicationsOf(conditions: PolicyConditions['known']): ConditionalAccessPolicy['applications'] {
  const applications = conditions.applications.known;
  return {
    include: applications.includeApplications,
    exclude: applications.excludeApplications,
    userActions: applications.includeUserActions,
    authenticationContexts: applications.includeAuthenticationContextClassReferences,
    filter: applications.applicationFilter,
    selectsNetworkAccess: applications.globalSecureAccess || applications.networkAccess,
  };
}

type Guests = PolicyConditions['known']['users']['known']['includeGuestsOrExternalUsers'];

function namesGuests({ known }: Guests): boolean {
  const types = known.guestOrExternalUserTypes;
  return types.length > 0 ? types.some((type) => type !== 'none') : isSet(known.externalTenants);
}

function unreadOf({ known, unread }: PolicyConditions, partialEnablementStrategy: unknown): readonly string[] {
  const sections = {
    applications: known.applications,
    users: known.users,
    'users.includeGuestsOrExternalUsers': known.users.known.includeGuestsOrExternalUsers,
    'users.excludeGuestsOrExternalUsers': known.users.known.excludeGuestsOrExternalUsers,
    platforms: known.platforms,
    locations: known.locations,
    devices: known.devices,
    authenticationFlows: known.authenticationFlows,
  };
  return [
    ...unread,
    ...Object.entries(sections).flatMap(([path, section]) => section.unread.map((name) => `${path}.${name}`)),
    // It stands beside the conditions, and narrows whom the policy reaches all the same.
    ...(isSet(partialEnablementStrategy) ? ['partialEnablementStrategy'] : []),
  ].sort();
}
