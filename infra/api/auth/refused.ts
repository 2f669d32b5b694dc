import { type Problem, problemType } from '../problem.ts';
import type { TokenFault } from './verify-token.ts';

/** In general words: what a token holds is its bearer's business. */
const faults: Readonly<Record<TokenFault, string>> = {
  malformed: 'It is not a whole JSON Web Token.',
  algorithm: 'It is not signed with RS256 or PS256.',
  'unknown-key': 'It is signed with a key that its issuer does not publish.',
  signature: 'Its signature is wrong.',
  expired: 'It has expired.',
  'not-yet-valid': 'It is not valid yet.',
  issuer: 'Another issuer issued it.',
  audience: 'It is for another audience; ask a token for this API.',
  tenant: 'It is of another tenant.',
  'not-an-access-token': 'It is not an access token.',
  'no-object-id': 'It names no object of the directory.',
};

const challenge = 'Bearer realm="kerbwatch"';

/** No bearer token came with the request. */
export const noToken: Problem = {
  status: 401,
  type: problemType('no-token'),
  title: 'Sign in',
  detail: 'The request has no bearer token; send an access token for this API as Authorization: Bearer.',
  headers: { 'WWW-Authenticate': challenge },
};

/** The token is not good for this API. */
export function tokenRefused(fault: TokenFault): Problem {
  const detail = faults[fault];
  return {
    status: 401,
    type: problemType('token-refused'),
    title: 'The token was refused',
    detail,
    headers: { 'WWW-Authenticate': `${challenge}, error="invalid_token", error_description="${detail}"` },
  };
}

/** So many requests without a valid token came from there that the next are not even told why. */
export function tooManyRefusals(retryAfterSeconds: number): Problem {
  return {
    status: 429,
    type: problemType('too-many-refusals'),
    title: 'Too many requests without a valid token',
    detail: `Wait ${String(retryAfterSeconds)} s, then send a valid access token.`,
    headers: { 'Retry-After': String(retryAfterSeconds) },
  };
}

/** Nobody said for which audience tokens have to be, so nobody is let in. */
export const notSetUp: Problem = {
  status: 503,
  type: problemType('not-set-up'),
  title: 'The API is not set up',
  detail:
    "Set the app setting KERBWATCH_API_AUDIENCE to the application ID URI of the API's registration, its client id, or both.",
};

/** What says whose tokens are believed is wrong, so nobody's are. */
export const misconfigured: Problem = {
  ...notSetUp,
  detail: 'The app setting KERBWATCH_ISSUER is wrong; the log of the function app says what. Most apps leave it out.',
};

/** Without the issuer's keys no token can be told from a forged one. */
export const issuerUnreachable: Problem = {
  status: 503,
  type: problemType('issuer-unreachable'),
  title: 'Tokens cannot be checked now',
  detail: 'The signing keys of the token issuer cannot be fetched; try again.',
  headers: { 'Retry-After': '5' },
};
