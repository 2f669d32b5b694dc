import type { PolicyUsers } from '../model/conditional-access-policy.ts';
import { reading, type Reading } from './reading.ts';
import { isId, lowered } from './wire-words.ts';

const keywords: ReadonlySet<string> = new Set(['all', 'none', 'guestsorexternalusers']);

/**
 * Which users a policy is for (decision table, rows 12 to 15). Selections add up, so the widest counts; exclusions do
 * not narrow it, since who is excluded is not who mounts shares.
 */
export function readUsers(users: PolicyUsers): Reading {
  const include = lowered(users.includeUsers);
  if (include.has('all')) return reading('all', 13, 'all users');
  const strange = users.includeUsers.filter((entry) => !isId(entry) && !keywords.has(entry.toLowerCase()));
  if (strange.length > 0) return reading('undecided', 32, `unknown users: ${strange.toSorted().join(', ')}`);
  if (users.includeGroups.length > 0) return reading('users', 14, 'groups');
  if (users.includeUsers.some(isId)) return reading('users', 14, 'named users');
  if (users.includeRoles.length > 0) return reading('some', 14, 'directory roles');
  if (users.includesGuests || include.has('guestsorexternalusers')) return reading('few', 15, 'guests only');
  if (include.has('none')) return reading('none', 12, 'no users');
  return reading('undecided', 32, 'names no users');
}
