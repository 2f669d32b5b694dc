import { ConfigInvalid, type Environment, listOf } from '../../config.ts';
import { appSettings } from '../../names.ts';
import type { CallerCheck } from '../caller.ts';
import { callerOfClaims } from './caller-of-claims.ts';
import { ApiMisconfigured } from './api-misconfigured.ts';
import { clientAddress } from './client-address.ts';
import { createRateLimit, refusalsOfOneAddress } from './rate-limit.ts';
import { issuerUnreachable, noToken, notSetUp, tokenRefused, tooManyRefusals } from './refused.ts';
import { createSigningKeys, KeysUnavailable } from './signing-keys.ts';
import { type TrustedIssuer, trustedIssuer } from './trusted-issuer.ts';
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
 * A wrong `KERBWATCH_ISSUER` lets nobody in, and throws ApiMisconfigured for each request: it is no reason for the timers and
 * queues of the same app to stand still.
 *
 * @throws EndpointInvalid
 */
export function createCallerCheck({ env, tenantId, fetch }: CallerCheckParts): CallerCheck {
  const refusals = createRateLimit(refusalsOfOneAddress);
  const trusted = trustedOrWrong(env, tenantId);
  if (trusted instanceof ConfigInvalid) {
    return (headers, at) => {
      const counted = refusals(clientAddress(headers), at);
      if (counted.allowed) return Promise.reject(new ApiMisconfigured(trusted.message, { cause: trusted }));
      return Promise.resolve({ problem: tooManyRefusals(counted.retryAfterSeconds) });
    };
  }
  const { issuers, keysUrl } = trusted;
  const audiences = listOf(env, appSettings.apiAudience);
  if (audiences.length === 0) return () => Promise.resolve({ problem: notSetUp });
  const terms = { issuers, audiences, keys: createSigningKeys({ url: keysUrl, tenantId, fetch }) };

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

function trustedOrWrong(env: Environment, tenantId: string): TrustedIssuer | ConfigInvalid {
  try {
    return trustedIssuer(env, tenantId);
  } catch (error) {
    if (error instanceof ConfigInvalid) return error;
    throw error;
  }
}
