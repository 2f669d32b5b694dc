import { z } from 'zod';
import type { DirectoryChange } from '../../domain/audit/watch-ports.ts';
import type { WireObject } from '../estate-source.ts';
import { optionalText } from './fields.ts';
import { parseWire } from './parse-wire.ts';

const folded = optionalText.transform((text) => text?.toLowerCase() ?? null);
const names = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

const wireChange = z
  .object({
    id: z.string().min(1),
    '@removed': z.unknown().optional(),
    appId: folded,
    clientId: folded,
    consentType: optionalText,
    displayName: optionalText,
    identifierUris: names,
    servicePrincipalNames: names,
  })
  .transform(
    ({
      id,
      appId,
      clientId,
      consentType,
      displayName,
      identifierUris,
      servicePrincipalNames,
      ...rest
    }): DirectoryChange => ({
      id,
      removed: rest['@removed'] !== undefined && rest['@removed'] !== null,
      appId,
      clientId,
      consentType,
      names: [...(displayName === null ? [] : [displayName]), ...identifierUris, ...servicePrincipalNames].map((name) =>
        name.toLowerCase(),
      ),
    }),
  );

/**
 * An item of a Graph delta of applications, service principals or grants; what is absent of it has not changed, or was
 * never asked for. Throws `WireMalformed` where it has no id.
 */
export function parseDirectoryChange(object: WireObject): DirectoryChange {
  return parseWire('directory change', wireChange, object);
}
