import type { ConditionalAccessPolicy } from '../model/conditional-access-policy.ts';
import { reading, type Reading } from './reading.ts';

/** The parts of a policy's conditions in which selections add up. */
type Part = 'applications' | 'users' | 'platforms' | 'devices' | 'authenticationFlows';

/**
 * The reading of a part, or undecided (row 32) where it selects nobody and a member of the part that is set and not known
 * may select somebody. A member that excludes only takes away.
 */
export function unlessMoreSelected<Read extends Reading | null>(
  read: Read,
  part: Part,
  { unreadConditions }: Pick<ConditionalAccessPolicy, 'unreadConditions'>,
): Read | Reading {
  if (read?.reach !== 'none') return read;
  const maySelect = (name: string) => name.startsWith(`${part}.`) && !name.startsWith(`${part}.exclude`);
  return unreadConditions.some(maySelect)
    ? reading('undecided', 32, `${part} may select more than is known here`)
    : read;
}
