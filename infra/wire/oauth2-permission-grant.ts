import { z } from 'zod';
import type { OAuth2PermissionGrant } from '../../domain/model/directory.ts';
import type { WireObject } from '../estate-source.ts';
import { foldedId } from './fields.ts';
import { keyword } from './keyword.ts';
import { parseWire } from './parse-wire.ts';

const wireGrant = z
  .object({
    // Kept as it came: a grant's id is base64url, and a write to it in another case would miss it.
    id: z.string().min(1),
    clientId: foldedId,
    consentType: z.string().transform(keyword('AllPrincipals', 'Principal')),
    resourceId: foldedId,
    // Has to be there: scopes that were not read must not pass for none. null is none.
    scope: z.string().nullable(),
  })
  .transform(({ scope, ...grant }): OAuth2PermissionGrant => ({
    ...grant,
    // A leading blank is common (domain facts 4).
    scopes: (scope ?? '').split(/\s+/u).filter((token) => token !== ''),
    scopeAsRead: scope,
  }));

/** A Graph `oAuth2PermissionGrant` (domain facts 4, consent rule). Throws `WireMalformed`. */
export function parseOAuth2PermissionGrant(object: WireObject): OAuth2PermissionGrant {
  return parseWire('oauth2 permission grant', wireGrant, object);
}
