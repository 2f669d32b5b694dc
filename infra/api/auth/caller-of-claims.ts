import type { JWTPayload } from 'jose';
import { z } from 'zod';

import type { Caller } from '../caller.ts';
import { appRoles } from './app-roles.ts';
import type { TokenFault } from './verify-token.ts';

/** learn.microsoft.com/entra/identity-platform/access-token-claims-reference; `idtyp` is an optional claim. */
const Claims = z.object({
  tid: z.string(),
  oid: z.guid().optional().catch(undefined),
  sub: z.string().optional(),
  roles: z.array(z.unknown()).catch([]),
  scp: z.string().optional().catch(undefined),
  idtyp: z.string().optional().catch(undefined),
  azp: z.string().optional(),
  appid: z.string().optional(),
});

/**
 * Who calls, by the claims of a token whose signature, issuer, audience and times are right.
 *
 * An ID token of the API's own registration has its client id for an audience too, yet is no permission to do anything: it
 * names no client that asked (`azp` or `appid`), and its subject is not its object, as an app's is.
 *
 * @param tenantId lower case
 */
export function callerOfClaims(
  payload: JWTPayload,
  tenantId: string,
): { readonly caller: Caller } | { readonly fault: TokenFault } {
  const parsed = Claims.safeParse(payload);
  if (!parsed.success) return { fault: 'malformed' };
  const { tid, oid, sub, scp, idtyp, azp, appid, roles } = parsed.data;
  if (tid.toLowerCase() !== tenantId) return { fault: 'tenant' };
  if (oid === undefined) return { fault: 'no-object-id' };
  const isApplication = idtyp === undefined ? scp === undefined : idtyp === 'app';
  const isAccessToken =
    (azp ?? appid) !== undefined && (isApplication ? scp === undefined && sub === oid : scp !== undefined);
  if (!isAccessToken) return { fault: 'not-an-access-token' };
  return {
    caller: {
      actor: { kind: isApplication ? 'application' : 'user', objectId: oid.toLowerCase() },
      roles: appRoles.filter((role) => roles.includes(role)),
    },
  };
}
