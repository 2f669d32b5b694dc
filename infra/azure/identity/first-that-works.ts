import type { TokenCredential } from '@azure/core-auth';
import { SignInRefused } from './sign-in-refused.ts';

export type SignInMethod = 'az' | 'browser' | 'device code';

/** One way of signing in. */
export interface SignInWay {
  readonly method: SignInMethod;
  /** The client that the person signs in with; null where the method has its own. */
  readonly clientId: string | null;
  /** What gives the token, or why it is not tried. */
  readonly source: TokenCredential | { readonly notTried: string };
}

/** A way that gave no token, and why, in one line. */
export interface WayRefused {
  readonly method: SignInMethod;
  readonly reason: string;
}

/** The way that gave a token, and those before it that did not. */
export interface SignedIn {
  readonly api: string;
  readonly method: SignInMethod;
  readonly clientId: string | null;
  readonly refused: readonly WayRefused[];
}

export interface SignInChain {
  /** What the token is for, in messages. */
  readonly api: string;
  /** In the order in which they are tried. */
  readonly ways: readonly SignInWay[];
  /** What to do where none works. */
  readonly nextStep: string;
  /** Told once, when a way worked. */
  readonly signedIn: (signedIn: SignedIn) => void;
}

/**
 * The first way that gives a token, asked alone from then on. The SDK's own chain stops at the first answer that says no;
 * this one goes on, and throws SignInRefused with a line for each way.
 */
export function firstThatWorks({ api, ways, nextStep, signedIn }: SignInChain): TokenCredential {
  let chosen: TokenCredential | null = null;
  return {
    async getToken(scopes, options) {
      if (chosen !== null) return chosen.getToken(scopes, options);
      const refused: WayRefused[] = [];
      const causes: unknown[] = [];
      for (const { method, clientId, source } of ways) {
        if ('notTried' in source) {
          refused.push({ method, reason: source.notTried });
          continue;
        }
        try {
          const token = await source.getToken(scopes, options);
          if (token === null) throw new SignInRefused(api, 'no token was issued.');
          chosen = source;
          signedIn({ api, method, clientId, refused });
          return token;
        } catch (cause) {
          if (cause instanceof Error && cause.name === 'AbortError') throw cause;
          causes.push(cause);
          refused.push({ method, reason: reasonOf(cause) });
        }
      }
      const lines = refused.map(({ method, reason }) => `  ${method}: ${reason}`);
      const told = ['no way of signing in worked.', ...lines, nextStep].join('\n');
      throw new SignInRefused(api, told, { cause: new AggregateError(causes) });
    },
  };
}

/** What Entra or `az` said, in one line: without trace ids, which only support staff can use. */
function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const entra = /AADSTS\d+:.*?(?=\s*(?:Trace ID|- Correlation|[\r\n]|$))/u.exec(text)?.[0];
  return entra ?? text.trim().split(/[\r\n]/u)[0] ?? '';
}
