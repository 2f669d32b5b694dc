import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import { SignInRefused } from './sign-in-refused.ts';

const renewBeforeMilliseconds = 5 * 60_000;

/**
 * Asks the credential once and keeps the token until five minutes before it expires: `az` starts a process for every
 * token, and every client has a cache of its own. Every failure comes out as SignInRefused.
 *
 * @param api what the token is for, in messages
 * @param now epoch milliseconds
 */
export function rememberedToken(credential: TokenCredential, api: string, now: () => number): TokenCredential {
  const kept = new Map<string, Promise<AccessToken>>();

  async function ask(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    try {
      const token = await credential.getToken(scopes, options);
      if (token === null) throw new SignInRefused(api, 'no token was issued.');
      return token;
    } catch (cause) {
      if (cause instanceof SignInRefused || (cause instanceof Error && cause.name === 'AbortError')) throw cause;
      throw new SignInRefused(api, cause instanceof Error ? cause.message : String(cause), { cause });
    }
  }

  return {
    async getToken(scopes, options) {
      const key = [scopes].flat().join(' ');
      // A claims challenge says that the token we have is no longer good enough.
      const found = options?.claims === undefined ? kept.get(key) : undefined;
      if (found !== undefined) {
        const token = await found;
        if (token.expiresOnTimestamp - renewBeforeMilliseconds > now()) return token;
      }
      if (kept.get(key) === found || options?.claims !== undefined) {
        const asked = ask(scopes, options);
        kept.set(key, asked);
        asked.catch(() => {
          if (kept.get(key) === asked) kept.delete(key);
        });
      }
      return kept.get(key) ?? ask(scopes, options);
    },
  };
}
