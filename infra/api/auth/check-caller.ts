import { type Environment, listOf } from '../../config.ts';
import { appSettings } from '../../names.ts';
import type { CallerCheck } from '../caller.ts';
import { callerOfClaims } from './caller-of-claims.ts';
import { clientAddress } from './client-address.ts';
import { createRateLimit, refusalsOfOneAddress } from './rate-limit.ts';
import { issuerUnreachable, noToken, notSetUp, tokenRefused, tooManyRefusals } from './refused.ts';
import { createSigningKeys, KeysUnavailable } from './signing-keys.ts';
import { trustedIssuer } from './trusted-issuer.ts';
import { verifyToken } from './verify-token.ts';

export interface CallerCheckParts {
  /** `KERBWATCH_API_AUDIENCE`, a comma list, and what `trustedIssuer` reads. */
  readonly env: Environment;
  /** Lower case. */
  readonly tenantId: string;
  /** For the issuer's keys, which are fetched when the first token comes. */
  readonly fetch: typeof fetch;
}

/**
 * Says who sends a request by its bearer token. Whatever cannot be checked is refused. A valid token is served even from an
 * address that has sent many invalid ones, which others may share: it costs one check of a signature to find out.
 *
 * @throws ConfigInvalid, EndpointInvalid
 */
export function createCallerCheck({ env, tenantId, fetch }: CallerCheckParts): CallerCheck {
  const { issuers, keysUrl } = trustedIssuer(env, tenantId);
  const audiences = listOf(env, appSettings.apiAudience);
  if (audiences.length === 0) return () => Promise.resolve({ problem: notSetUp });
  const terms = { issuers, audiences, keys: createSigningKeys({ url: keysUrl, tenantId, fetch }) };
  const refusals = createRateLimit(refusalsOfOneAddress);

  async function judge(headers: Headers, at: number): ReturnType<CallerCheck> {
    const token = /^Bearer +(\S+)$/iu.exec(headers.get('authorization')?.trim() ?? '')?.[1];
    if (token === undefined) return { problem: noToken };
    const verified = await verifyToken(token, terms, at);
    const told = 'fault' in verified ? verified : callerOfClaims(verified.claims, tenantId);
    return 'fault' in told ? { problem: tokenRefused(told.fault) } : told;
  }

  return async (headers, at) => {
    try {
      const judged = await judge(headers, at);
      if ('caller' in judged) return judged;
      const counted = refusals(clientAddress(headers), at);
      return counted.allowed ? judged : { problem: tooManyRefusals(counted.retryAfterSeconds) };
    } catch (error) {
      if (error instanceof KeysUnavailable) return { problem: issuerUnreachable };
      throw error;
    }
  };
}
