import { errors, type JWTPayload, jwtVerify } from 'jose';

import type { SigningKeys } from './signing-keys.ts';

/** What a token is measured against. */
export interface TokenTerms {
  readonly issuers: readonly string[];
  /** What `aud` may be, to the letter. */
  readonly audiences: readonly string[];
  readonly keys: SigningKeys;
}

/** Which check a token failed. */
export type TokenFault =
  | 'malformed'
  | 'algorithm'
  | 'unknown-key'
  | 'signature'
  | 'expired'
  | 'not-yet-valid'
  | 'issuer'
  | 'audience'
  | 'tenant'
  | 'not-an-access-token'
  | 'no-object-id';

/** Signatures with a key that nobody but the issuer has. `none` and HMAC, which the public key could make, are not among them. */
const algorithms = ['RS256', 'PS256'];

/** How far clocks may be apart; Microsoft's own libraries grant five minutes. */
const clockSkewSeconds = 60;

/** No token of Entra is near this; what is longer is not even taken apart. Characters. */
const longest = 16 * 1024;

/**
 * What a token says, once everything that holds for any token of the issuer is checked: algorithm, signature, issuer, audience
 * and times. It throws KeysUnavailable where the keys cannot be had.
 *
 * @param at epoch milliseconds
 */
export async function verifyToken(
  token: string,
  { issuers, audiences, keys }: TokenTerms,
  at: number,
): Promise<{ readonly claims: JWTPayload } | { readonly fault: TokenFault }> {
  if (token.length > longest) return { fault: 'malformed' };
  try {
    const { payload } = await jwtVerify(token, keys(at), {
      algorithms,
      issuer: [...issuers],
      audience: [...audiences],
      clockTolerance: clockSkewSeconds,
      currentDate: new Date(at),
      requiredClaims: ['exp'],
    });
    // A list would be a token for others as well, who could hand it on to us; Entra issues none.
    return typeof payload.aud === 'string' ? { claims: payload } : { fault: 'audience' };
  } catch (error) {
    if (error instanceof errors.JOSEError) return { fault: faultOf(error) };
    throw error;
  }
}

function faultOf(error: errors.JOSEError): TokenFault {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    const byClaim: Readonly<Record<string, TokenFault>> = { iss: 'issuer', aud: 'audience', nbf: 'not-yet-valid' };
    return byClaim[error.claim] ?? 'malformed';
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof errors.JWKSNoMatchingKey) return 'unknown-key';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  return 'malformed';
}
