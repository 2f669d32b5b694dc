import { z } from 'zod';
import type { PrivateEndpoint, PrivateLink } from '../../domain/model/resources.ts';
import type { WireObject } from '../estate-source.ts';
import { foldedId, optionalList, optionalText, title } from './fields.ts';
import { parseWire } from './parse-wire.ts';

const links = z
  .array(
    z
      .object({
        properties: z.object({
          privateLinkServiceId: foldedId,
          groupIds: optionalList,
          privateLinkServiceConnectionState: z.object({ status: optionalText }).nullish(),
        }),
      })
      .transform(({ properties }): PrivateLink => ({
        targetKey: properties.privateLinkServiceId,
        groupIds: properties.groupIds.map((group) => group.toLowerCase()),
        status: properties.privateLinkServiceConnectionState?.status ?? null,
      })),
  )
  .nullish()
  .transform((list) => list ?? []);

const wirePrivateEndpoint = z
  .object({
    id: foldedId,
    name: title,
    properties: z.object({ privateLinkServiceConnections: links, manualPrivateLinkServiceConnections: links }),
  })
  .transform(({ id, name, properties }): PrivateEndpoint => ({
    key: id,
    name,
    links: [...properties.privateLinkServiceConnections, ...properties.manualPrivateLinkServiceConnections],
  }));

/** An ARM private endpoint or its Resource Graph row (domain facts 1.4). Throws `WireMalformed`. */
export function parsePrivateEndpoint(object: WireObject): PrivateEndpoint {
  return parseWire('private endpoint', wirePrivateEndpoint, object);
}
