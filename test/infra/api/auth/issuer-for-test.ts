import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { Environment } from '../../../../infra/config.ts';
import { guid } from '../../../domain/build.ts';

export const tenantId = guid(0x11);
export const audience = 'api://kerbwatch-prod';
export const clientId = guid(0xa9);
export const person = guid(0x70);
export const issuer = `https://login.microsoftonline.com/${tenantId}/v2.0`;

/** The instant at which tokens are looked at in tests; epoch milliseconds. */
export const now = Date.UTC(2026, 10, 21, 12);
const seconds = now / 1000;

export const env: Environment = { KERBWATCH_API_AUDIENCE: audience, KERBWATCH_TENANT_ID: tenantId };

/** The claims of an access token of a person, as Entra issues them. */
export const claimsOfPerson = {
  aud: audience,
  iss: issuer,
  iat: seconds - 60,
  nbf: seconds - 60,
  exp: seconds + 3600,
  azp: clientId,
  oid: person,
  sub: 'a-pairwise-subject',
  scp: 'user_impersonation',
  tid: tenantId,
  roles: ['Findings.Read'],
  ver: '2.0',
} as const;

/** Of a client that signed in as itself. */
export const claimsOfApplication = { ...claimsOfPerson, sub: person, scp: undefined };

export interface IssuerForTest {
  /** Signs claims over those of a person; `undefined` takes a claim away. */
  token(claims?: object, header?: object): Promise<string>;
  /** Answers the issuer's keys and counts how often. */
  readonly fetch: typeof fetch;
  readonly fetched: readonly string[];
  readonly publicKey: JWK;
  readonly privateKey: CryptoKey;
  /** What `fetch` does from now on; answering the keys where null. */
  answer: (() => Promise<Response>) | null;
}

/** Entra as tests need it: a key of its own, and an endpoint that publishes it. */
export async function issuerForTest(kid = 'key-1'): Promise<IssuerForTest> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, use: 'sig' };
  const fetched: string[] = [];
  const made: IssuerForTest = {
    token: (claims = {}, header = {}) =>
      new SignJWT({ ...claimsOfPerson, ...claims })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid, ...header })
        .sign(privateKey),
    fetch: (url) => {
      fetched.push(url instanceof Request ? url.url : url.toString());
      return made.answer === null ? Promise.resolve(Response.json({ keys: [jwk] })) : made.answer();
    },
    fetched,
    publicKey: jwk,
    privateKey,
    answer: null,
  };
  return made;
}

/** A token put together by hand, for what no library signs. */
export function handmade(header: object, claims: object, signature = ''): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.${signature}`;
}

export function bearer(token: string, more: Readonly<Record<string, string>> = {}): Headers {
  return new Headers({ authorization: `Bearer ${token}`, ...more });
}
