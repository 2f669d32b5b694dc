import type { PolicyInclusion } from '../model/conditional-access-policy.ts';
import { reading, type Reading } from './reading.ts';
import { lowered, strangers } from './wire-words.ts';

const known: ReadonlySet<string> = new Set(['all', 'android', 'ios', 'windows', 'windowsphone', 'macos', 'linux']);
const withoutShares: ReadonlySet<string> = new Set(['android', 'ios', 'linux']);

/** Row 19. Whether the KDC proxy client, whose user agent is `kerberos/1.0`, is taken for Windows is not documented. */
export function readPlatforms(platforms: PolicyInclusion): Reading | null {
  const include = lowered(platforms.include);
  const exclude = lowered(platforms.exclude);
  if (include.size === 0 && exclude.size === 0) return null;
  const unknown = strangers(exclude, known);
  if (unknown.length > 0) return open(`unknown platforms: ${unknown.join(', ')}`);
  if (exclude.has('all')) return open('excludes all platforms');
  if (include.has('all')) {
    return exclude.has('windows')
      ? reading('some', 19, 'all platforms but Windows')
      : reading('all', 19, 'platforms with Windows');
  }
  const left = new Set([...include].filter((platform) => !exclude.has(platform)));
  if (left.has('windows')) return reading('all', 19, 'Windows');
  const strange = strangers(left, known);
  if (strange.length > 0) return open(`unknown platforms: ${strange.join(', ')}`);
  if (left.size === 0) return open('no platform is left');
  if (left.has('macos')) return reading('some', 19, 'macOS');
  if (strangers(left, withoutShares).length === 0) return reading('none', 19, 'platforms that mount no shares');
  // What is left is Windows Phone, whose sign-ins are not said to be told from those of Windows.
  return open('Windows Phone');
}

function open(words: string): Reading {
  return reading('undecided', 32, words);
}
