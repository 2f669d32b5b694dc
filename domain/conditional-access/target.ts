import type { ConditionalAccessPolicy, PolicyApplications, PolicyUsers } from '../model/conditional-access-policy.ts';
import { securityAttributePermission, type FilterVerdict } from './application-filter.ts';
import { reading, type Reading } from './reading.ts';
import { unlessMoreSelected } from './unknown-selection.ts';
import { isId, lowered } from './wire-words.ts';

/** How a policy's lists name an app: excluded wins over listed. */
export type Naming = 'excluded' | 'listed' | 'unnamed';

/** Windows Azure Active Directory: baseline scopes are judged as access to it since June 2026 (domain facts 3.5). */
const windowsAzureActiveDirectory = '00000002-0000-0000-c000-000000000000';

const knownKeywords: ReadonlySet<string> = new Set([
  'all',
  'none',
  'office365',
  'microsoftadminportals',
  'allagentidresources',
]);

/**
 * Whether a policy reaches an app (decision table, rows 3 to 11): `all` when it does, `none` when it does not. The lists
 * and an include filter add up; an exclusion, by the list or by an exclude filter, wins over both.
 */
export function readTarget(policy: ConditionalAccessPolicy, naming: Naming, filter: FilterVerdict): Reading {
  const { applications } = policy;
  if (selectsNobody(policy.users) && policy.selectsWorkloadIdentities) {
    const nobody = unlessMoreSelected(reading('none', 3, 'workload or agent identities only'), 'users', policy);
    if (nobody.reach === 'none') return nobody;
  }
  if (naming === 'excluded') return reading('none', 6, 'the app is excluded');
  const include = lowered(applications.include);
  const inAll = include.has('all');
  const mode = modeOf(applications);
  const selects = mode === 'include' && filter === 'match';
  if (!inAll && naming !== 'listed' && !selects) {
    return unlessMoreSelected(readMiss(applications, include, filter), 'applications', policy);
  }
  if (mode !== 'include' && isOpen(filter)) return openFilter(filter);
  if (mode === 'exclude' && filter === 'match') return reading('none', 10, 'its application filter exempts the app');
  const strange = applications.exclude.filter((entry) => !isUnderstood(entry) || entry.toLowerCase() === 'all');
  if (strange.length > 0) return reading('undecided', 32, `unknown exclusion: ${strange.toSorted().join(', ')}`);
  if (naming === 'listed') return reading('all', 8, 'names the app');
  return inAll ? reading('all', 7, 'all resources') : reading('all', 10, 'its application filter selects the app');
}

function modeOf({ filter }: PolicyApplications): 'include' | 'exclude' | 'unknown' | null {
  if (filter === null) return null;
  const mode = filter.mode.toLowerCase();
  return mode === 'include' || mode === 'exclude' ? mode : 'unknown';
}

const openFilters = {
  unread: `an application filter, and the app's custom security attributes were not read (${securityAttributePermission})`,
  unclear: "an application filter that cannot be decided with the app's custom security attributes",
  unparsed: 'an application filter whose rule is not understood',
} as const;

function isOpen(filter: FilterVerdict): filter is keyof typeof openFilters {
  return filter in openFilters;
}

function openFilter(filter: keyof typeof openFilters): Reading {
  return reading('undecided', 10, openFilters[filter]);
}

/** Neither all resources nor this app, and no filter is known to select it. */
function readMiss(applications: PolicyApplications, include: ReadonlySet<string>, filter: FilterVerdict): Reading {
  if (include.has(windowsAzureActiveDirectory)) return reading('undecided', 9, 'names Windows Azure Active Directory');
  // An exclude filter only takes away, so it need not be understood where there is nothing to take away.
  const mode = modeOf(applications);
  if (mode !== 'exclude' && isOpen(filter)) return openFilter(filter);
  if (include.size === 0) return readEmpty(applications, mode === 'include');
  const strange = applications.include.filter((entry) => !isUnderstood(entry));
  if (strange.length > 0) return reading('undecided', 11, `unknown resource: ${strange.toSorted().join(', ')}`);
  return reading('none', 11, 'other resources');
}

function readEmpty(applications: PolicyApplications, selectsByFilter: boolean): Reading {
  if (applications.userActions.length > 0) return reading('none', 4, 'user actions only');
  if (applications.authenticationContexts.length > 0) return reading('none', 5, 'authentication contexts only');
  if (selectsByFilter) return reading('none', 10, 'its application filter does not select the app');
  return applications.selectsNetworkAccess
    ? reading('none', 11, 'network access only')
    : reading('undecided', 11, 'selects no resource');
}

function isUnderstood(entry: string): boolean {
  return isId(entry) || knownKeywords.has(entry.toLowerCase());
}

function selectsNobody(users: PolicyUsers): boolean {
  return (
    users.includeUsers.every((entry) => entry.toLowerCase() === 'none') &&
    users.includeGroups.length === 0 &&
    users.includeRoles.length === 0 &&
    !users.includesGuests
  );
}
