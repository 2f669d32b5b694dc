import type { LocalPerson } from './people.ts';

export interface TokenTerms {
  readonly issuer: string;
  readonly audience: string;
  readonly tenantId: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly lifetimeSeconds: number;
  /** Of this token. */
  readonly id: string;
}

/** The claims of an access token of a person, as Entra's tokens of version 2 have them. Times are seconds. */
export function tokenClaims(person: LocalPerson, { issuer, audience, tenantId, ...token }: TokenTerms): object {
  const issuedAt = Math.floor(token.now / 1000);
  return {
    aud: audience,
    iss: issuer,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + token.lifetimeSeconds,
    azp: person.appId,
    oid: person.objectId,
    preferred_username: person.upn,
    roles: person.roles,
    scp: 'user_impersonation',
    sub: person.objectId,
    tid: tenantId,
    uti: token.id,
    ver: '2.0',
  };
}
