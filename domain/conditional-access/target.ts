import type { ConditionalAccessPolicy, PolicyApplications, PolicyUsers } from '../model/conditional-access-policy.ts';
import { reading, type Reading } from './reading.ts';
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
 * Whether a policy reaches an app, in the order of the decision table (rows 3 to 11): `all` when it does, `none` when
 * it does not.
 */
export function readTarget(policy: ConditionalAccessPolicy, naming: Naming): Reading {
  const { applications } = policy;
  const empty = applications.include.length === 0;
  if (selectsNobody(policy.users) && policy.selectsWorkloadIdentities) {
    return reading('none', 3, 'workload or agent identities only');
  }
  if (empty && applications.userActions.length > 0) return reading('none', 4, 'user actions only');
  if (empty && applications.authenticationContexts.length > 0)
    return reading('none', 5, 'authentication contexts only');
  if (naming === 'excluded') return reading('none', 6, 'the app is excluded');
  const include = lowered(applications.include);
  const inAll = include.has('all');
  if (!inAll && naming !== 'listed' && include.has(windowsAzureActiveDirectory)) {
    return reading('undecided', 9, 'names Windows Azure Active Directory');
  }
  if (applications.filter !== null)
    return reading('undecided', 10, 'an application filter, whose attributes are not read');
  if (!inAll && naming !== 'listed') return readMiss(applications);
  const strange = applications.exclude.filter((entry) => !isUnderstood(entry) || entry.toLowerCase() === 'all');
  if (strange.length > 0) return reading('undecided', 32, `unknown exclusion: ${strange.toSorted().join(', ')}`);
  return naming === 'listed' ? reading('all', 8, 'names the app') : reading('all', 7, 'all resources');
}

/** Row 11: neither all resources nor this app. */
function readMiss(applications: PolicyApplications): Reading {
  if (applications.include.length === 0) {
    return applications.selectsNetworkAccess
      ? reading('none', 11, 'network access only')
      : reading('undecided', 11, 'selects no resource');
  }
  const strange = applications.include.filter((entry) => !isUnderstood(entry));
  if (strange.length > 0) return reading('undecided', 11, `unknown resource: ${strange.toSorted().join(', ')}`);
  return reading('none', 11, 'other resources');
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
