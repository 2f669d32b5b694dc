import { z } from 'zod';

import type { Actor } from '../../domain/findings/finding.ts';

/** The claim that carries the object id of who did it (domain facts 6.1); nothing else of the claims is kept. */
const objectIdClaim = 'http://schemas.microsoft.com/identity/claims/objectidentifier';

/** Older versions send `claims` as JSON in a string. */
export const Claims = z.preprocess((value) => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return null;
  }
}, z.record(z.string(), z.unknown()).nullable().catch(null));

/** Who an event claims did it: an object id, else a client id, else nobody. */
export function eventActor(claims: Readonly<Record<string, unknown>> | null): Actor {
  if (claims === null) return { kind: 'unknown', objectId: null };
  const objectId = claims[objectIdClaim];
  // A user principal name says that it was a person; the name itself is dropped.
  const person = Object.keys(claims).some((name) => name === 'upn' || name.endsWith('/upn'));
  if (isId(objectId)) return { kind: person ? 'user' : 'application', objectId };
  const appid = claims['appid'];
  return isId(appid) ? { kind: 'application', objectId: appid } : { kind: 'unknown', objectId: null };
}

/** Claims are what the sender says: only an id is kept, never a name or an address put in its place. */
function isId(claim: unknown): claim is string {
  return typeof claim === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(claim);
}
