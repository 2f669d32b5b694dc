import { createHash, createSign, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** A key that signs the tokens of one run of the embedded cloud. It lives in this process alone, and is written nowhere. */
export interface SigningKey {
  /** The public half, as a JSON Web Key. */
  readonly jwk: Readonly<Record<string, unknown>>;
  /** A JSON Web Token of these claims, signed with RS256. */
  readonly sign: (claims: object) => string;
}

/** Makes a key; takes some tens of milliseconds. */
export async function makeSigningKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const { n, e } = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256')
    .update(`${String(e)}.${String(n)}`)
    .digest('base64url');
  return {
    jwk: { kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e },
    sign: (claims) => signed({ typ: 'JWT', alg: 'RS256', kid }, claims, privateKey),
  };
}

function signed(header: object, claims: object, key: KeyObject): string {
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
}
