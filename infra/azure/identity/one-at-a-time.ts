import type { TokenCredential } from '@azure/core-auth';

/** Makes credentials that ask a person take turns: two codes at once on one terminal, and nobody knows which is which. */
export function oneAtATime(): (credential: TokenCredential) => TokenCredential {
  let last: Promise<unknown> = Promise.resolve();
  return (credential) => ({
    getToken(scopes, options) {
      const turn = last.then(() => credential.getToken(scopes, options));
      last = turn.catch(() => undefined);
      return turn;
    },
  });
}
