import { z } from 'zod';
import type { AttributedActor } from '../../domain/drift/attribution.ts';
import type { ChangeRecord } from '../../domain/drift/conclude.ts';
import type { WireObject } from '../estate-source.ts';
import { optionalText } from './fields.ts';
import { parseWire } from './parse-wire.ts';

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

const instant = z
  .string()
  .transform((text) => Date.parse(text))
  .refine((at) => !Number.isNaN(at), 'is not a time');

const wireResourceChange = z
  .object({
    properties: z.object({
      changes: z.record(z.string(), z.object({ previousValue: z.unknown() })).nullish(),
      changeAttributes: z.object({
        timestamp: instant,
        correlationId: optionalText,
        changedBy: optionalText,
        changedByType: optionalText,
        operation: optionalText,
      }),
    }),
  })
  .transform(({ properties: { changes, changeAttributes } }): ChangeRecord => ({
    at: changeAttributes.timestamp,
    actor: actorOf(changeAttributes),
    correlationId: changeAttributes.correlationId,
    operation: changeAttributes.operation,
    source: 'resource-changes',
    touched: Object.entries(changes ?? {}).map(([name, { previousValue }]) => ({
      name,
      before: typeof previousValue === 'string' ? previousValue : null,
    })),
  }));

/** `changedBy` is an id, a user principal name, or a word: `System`, `Unknown`. */
function actorOf({
  changedBy,
  changedByType,
}: {
  readonly changedBy: string | null;
  readonly changedByType: string | null;
}): AttributedActor {
  const by = changedBy ?? 'unknown';
  const objectId = guid.test(by) ? by.toLowerCase() : null;
  const type = changedByType?.toLowerCase();
  if (by.toLowerCase() === 'system' || type === 'system')
    return { kind: 'system', objectId: null, userPrincipalName: null };
  const nameless = { objectId, userPrincipalName: null };
  if (type === 'application') return objectId === null ? unknown : { kind: 'application', ...nameless };
  if (type !== 'user' || by.toLowerCase() === 'unknown') return unknown;
  return { kind: 'user', objectId, userPrincipalName: objectId === null ? by : null };
}

const unknown: AttributedActor = { kind: 'unknown', objectId: null, userPrincipalName: null };

/** A row of Resource Graph's `resourcechanges` (domain facts 1.6). Throws `WireMalformed`. */
export function parseResourceChange(object: WireObject): ChangeRecord {
  return parseWire('resource change', wireResourceChange, object);
}
