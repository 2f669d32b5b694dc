import type { PasswordCredential } from '../model/directory.ts';

/** How long passwords cover from now on. Epoch milliseconds, UTC. */
export type PasswordCover =
  /** None is valid now; `endedAt` is when the last one ended, null where none has. */
  | { readonly state: 'none'; readonly endedAt: number | null }
  | { readonly state: 'until'; readonly until: number }
  /** No password says when it ends. */
  | { readonly state: 'unsaid' };

type Dated = PasswordCredential & { readonly endsAt: number };

/**
 * Follows the passwords from now to the first instant without a valid one; a later one counts when it starts before the
 * former ends. One without an end lengthens nothing. At least one password is expected.
 */
export function passwordCover(passwords: readonly PasswordCredential[], now: number): PasswordCover {
  const dated = passwords.filter(hasEnd).toSorted((a, b) => startOf(a) - startOf(b));
  if (dated.length === 0) return { state: 'unsaid' };
  let until = now;
  for (const password of dated) {
    if (startOf(password) <= until && password.endsAt > until) until = password.endsAt;
  }
  if (until > now) return { state: 'until', until };
  const ended = dated.map(({ endsAt }) => endsAt).filter((end) => end <= now);
  return { state: 'none', endedAt: ended.length === 0 ? null : Math.max(...ended) };
}

function hasEnd(password: PasswordCredential): password is Dated {
  return password.endsAt !== null;
}

/** One that does not say when it starts has started. */
function startOf(password: PasswordCredential): number {
  return password.startsAt ?? Number.MIN_SAFE_INTEGER;
}
