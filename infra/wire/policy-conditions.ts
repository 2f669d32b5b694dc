import { z } from 'zod';
import type { PolicyFilter } from '../../domain/model/conditional-access-policy.ts';
import { title } from './fields.ts';
import { keyword } from './keyword.ts';
import { isSet, policySection } from './policy-section.ts';

/** A list of words that may be missing; known words get the documented spelling, empty ones say nothing. */
export function words(...known: readonly string[]) {
  return z
    .array(z.string().nullable())
    .nullish()
    .transform((list) =>
      (list ?? [])
        .filter((word) => word !== null)
        .filter((word) => word !== '')
        .map(keyword(...known)),
    );
}

/** A flags enumeration, which Graph writes as one text with commas; lists occur in exports. */
function flags(...known: readonly string[]) {
  return z
    .union([z.string(), z.array(z.string())])
    .nullish()
    .transform((value) =>
      (typeof value === 'string' ? [value] : (value ?? []))
        .flatMap((text) => text.split(','))
        .map((text) => keyword(...known)(text.trim()))
        .filter((text) => text !== ''),
    );
}

const filter = z
  .looseObject({ mode: title.transform(keyword('include', 'exclude')), rule: title })
  .nullish()
  .transform((value): PolicyFilter | null => (value && isSet(value) ? { mode: value.mode, rule: value.rule } : null));

const guests = policySection({
  guestOrExternalUserTypes: flags('none'),
  externalTenants: z.unknown().optional(),
});

/** A member that only matters by being set. */
const presence = z.unknown().optional().transform(isSet);

const everyone = words('All', 'None', 'GuestsOrExternalUsers');
const application = words('All', 'None', 'Office365', 'MicrosoftAdminPortals', 'AllAgentIdResources');
const riskLevels = words('low', 'medium', 'high', 'hidden', 'none');
const platforms = words('android', 'iOS', 'windows', 'windowsPhone', 'macOS', 'linux', 'all');
const locations = words('All', 'AllTrusted');

/** `conditions` of a policy, v1.0 members and those beta ones that decide something here (domain facts 3.1). */
export const policyConditions = policySection({
  applications: policySection({
    includeApplications: application,
    excludeApplications: application,
    includeUserActions: words(),
    includeAuthenticationContextClassReferences: words(),
    applicationFilter: filter,
    globalSecureAccess: presence,
    networkAccess: presence,
  }),
  users: policySection({
    includeUsers: everyone,
    excludeUsers: everyone,
    includeGroups: words(),
    excludeGroups: words(),
    includeRoles: words(),
    excludeRoles: words(),
    includeGuestsOrExternalUsers: guests,
    excludeGuestsOrExternalUsers: guests,
  }),
  clientApplications: presence,
  agents: presence,
  agentIdRiskLevels: presence,
  servicePrincipalRiskLevels: presence,
  clientAppTypes: words('all', 'browser', 'mobileAppsAndDesktopClients', 'exchangeActiveSync', 'easSupported', 'other'),
  platforms: policySection({ includePlatforms: platforms, excludePlatforms: platforms }),
  locations: policySection({ includeLocations: locations, excludeLocations: locations }),
  devices: policySection({ deviceFilter: filter }),
  signInRiskLevels: riskLevels,
  userRiskLevels: riskLevels,
  insiderRiskLevels: flags('minor', 'moderate', 'elevated'),
  authenticationFlows: policySection({
    transferMethods: flags('none', 'deviceCodeFlow', 'authenticationTransfer'),
  }),
});

export type PolicyConditions = z.output<typeof policyConditions>;
