import type { LocalActor } from '../azure/caller.ts';
import { type LocalPerson, people } from './people.ts';
import { makeSigningKey, type SigningKey } from './signing-key.ts';
import { tokenClaims } from './token-claims.ts';

export interface LocalIssuerOptions {
  readonly tenantId: string;
  /** What tokens are for: the API's application ID URI. */
  readonly audience: string;
  readonly clock: () => Date;
  readonly newGuid: () => string;
}

/** The token issuer of the embedded cloud: Entra's part for the people of the sample tenant. Its key is made with it and never stored. */
export interface LocalIssuer {
  readonly tenantId: string;
  readonly audience: string;
  readonly people: readonly LocalPerson[];
  /** The public keys, as a JSON Web Key Set. */
  keys(): Promise<object>;
  /** @param origin where the issuer answers */
  issue(person: LocalPerson, origin: string, lifetimeSeconds: number): Promise<string>;
  /** Whose token it is, where it was issued here and has not expired; null otherwise. */
  holder(token: string): LocalActor | null;
}

/** As many tokens as are remembered; a person asks for one in an hour. */
const mostRemembered = 1000;

export function createLocalIssuer({ tenantId, audience, clock, newGuid }: LocalIssuerOptions): LocalIssuer {
  let key: Promise<SigningKey> | null = null;
  const holders = new Map<string, { readonly person: LocalPerson; readonly expiresAt: number }>();
  // Made when it is first needed, since most runs of the embedded cloud never ask.
  const signingKey = (): Promise<SigningKey> => (key ??= makeSigningKey());

  return {
    tenantId,
    audience,
    people,
    async keys() {
      const { jwk } = await signingKey();
      return { keys: [jwk] };
    },
    async issue(person, origin, lifetimeSeconds) {
      const { sign } = await signingKey();
      const now = clock().getTime();
      const issuer = `${origin}/${tenantId}/v2.0`;
      const token = sign(tokenClaims(person, { issuer, audience, tenantId, now, lifetimeSeconds, id: newGuid() }));
      holders.set(token, { person, expiresAt: now + lifetimeSeconds * 1000 });
      for (const oldest of holders.keys()) {
        if (holders.size <= mostRemembered) break;
        holders.delete(oldest);
      }
      return token;
    },
    holder(token) {
      const held = holders.get(token);
      return held !== undefined && clock().getTime() < held.expiresAt ? held.person : null;
    },
  };
}
