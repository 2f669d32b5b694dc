import { z } from 'zod';
import type { Application } from '../../domain/model/directory.ts';
import type { WireObject } from '../estate-source.ts';
import { foldedId, optionalInstant, optionalList, requiredList, title } from './fields.ts';
import { parseWire } from './parse-wire.ts';
import { ownerIds } from './owner-ids.ts';
import { passwordCredentials } from './password-credentials.ts';

/** The redirect URIs of a platform; null: the platform, or its list, was not there. A platform that is null has none. */
const platform = z
  .object({ redirectUris: z.array(z.string()).nullish() })
  .nullish()
  .transform((one) => (one === null ? [] : (one?.redirectUris ?? null)));

const wireApplication = z
  .object({
    id: foldedId,
    appId: foldedId,
    displayName: title,
    identifierUris: requiredList,
    tags: optionalList,
    passwordCredentials,
    keyCredentials: passwordCredentials,
    createdDateTime: optionalInstant,
    owners: ownerIds,
    web: platform,
    spa: platform,
    publicClient: platform,
  })
  .transform(({ createdDateTime, owners, web, spa, publicClient, ...application }): Application => ({
    ...application,
    createdAt: createdDateTime,
    ownerIds: owners,
    redirectUris: redirectUrisOf([web, spa, publicClient]),
  }));

/** A Graph `application` (domain facts 2.1, 4). Throws `WireMalformed`. */
export function parseApplication(object: WireObject): Application {
  return parseWire('application', wireApplication, object);
}

/** Those seen are there, whatever else was not read; none seen is none only when every platform was read. */
function redirectUrisOf(platforms: readonly (readonly string[] | null)[]): readonly string[] | null {
  const seen = platforms.flatMap((uris) => uris ?? []);
  return seen.length === 0 && platforms.includes(null) ? null : seen;
}
