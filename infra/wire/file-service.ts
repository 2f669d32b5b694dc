import { z } from 'zod';
import type { FileService } from '../../domain/model/resources.ts';
import type { WireObject } from '../estate-source.ts';
import { parseWire } from './parse-wire.ts';

const serviceId =
  /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Storage\/storageAccounts\/[^/]+)\/fileServices\/default$/iu;

/** One text with `;` between the words, and often one at the end; null, missing and empty are null: the default. */
const words = z
  .string()
  .nullish()
  .transform((text) => {
    const list = (text ?? '')
      .split(';')
      .map((word) => word.trim())
      .filter((word) => word !== '');
    return list.length === 0 ? null : list;
  });

const wireFileService = z
  .object({
    id: z.string().transform((id, context) => {
      const [, account] = serviceId.exec(id) ?? [];
      if (account !== undefined) return account.toLowerCase();
      context.addIssue({ code: 'custom', message: 'is not the id of a file service' });
      return z.NEVER;
    }),
    properties: z.object({
      protocolSettings: z
        .object({ smb: z.object({ authenticationMethods: words, kerberosTicketEncryption: words }).nullish() })
        .nullish(),
    }),
  })
  .transform(({ id, properties }): FileService => ({
    accountKey: id,
    authenticationMethods: properties.protocolSettings?.smb?.authenticationMethods ?? null,
    kerberosTicketEncryption: properties.protocolSettings?.smb?.kerberosTicketEncryption ?? null,
  }));

const readable = z.object({ properties: z.record(z.string(), z.json()) });

/** An ARM `fileServices/default` (domain facts 1.5). Throws `WireMalformed`. */
export function parseFileService(object: WireObject): FileService {
  const service = parseWire('file service', wireFileService, object);
  const asRead = readable.safeParse(object).data?.properties;
  return asRead === undefined ? service : { ...service, asRead };
}
