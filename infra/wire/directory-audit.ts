import { z } from 'zod';
import type { AttributedActor } from '../../domain/drift/attribution.ts';
import type { ChangeRecord, TouchedName } from '../../domain/drift/conclude.ts';
import { propertiesWithValues } from '../../domain/remediation/recorded-values.ts';
import type { WireObject } from '../estate-source.ts';
import { optionalText } from './fields.ts';
import { parseWire } from './parse-wire.ts';

const instant = z
  .string()
  .transform((text) => Date.parse(text))
  .refine((at) => !Number.isNaN(at), 'is not a time');

const initiator = z
  .object({
    user: z.object({ id: optionalText, userPrincipalName: optionalText }).nullish(),
    app: z.object({ appId: optionalText, servicePrincipalId: optionalText }).nullish(),
  })
  .nullish();

const target = z.object({
  id: optionalText,
  modifiedProperties: z
    .array(z.object({ displayName: optionalText, oldValue: optionalText, newValue: optionalText }))
    .nullish(),
});

const wireDirectoryAudit = z
  .object({
    activityDateTime: instant,
    activityDisplayName: optionalText,
    correlationId: optionalText,
    result: optionalText,
    initiatedBy: initiator,
    targetResources: z.array(target).nullish(),
  })
  .transform((audit): ChangeRecord | null => {
    // What failed changed nothing.
    if (audit.result?.toLowerCase() === 'failure') return null;
    return {
      at: audit.activityDateTime,
      actor: actorOf(audit.initiatedBy),
      correlationId: audit.correlationId,
      operation: audit.activityDisplayName,
      source: 'directory-audits',
      touched: (audit.targetResources ?? []).flatMap(touchedBy),
    };
  });

/** An entry that lists which properties were changed, by their names in its value, instead of being one. */
const listing = 'included updated properties';
const withValues: ReadonlySet<string> = new Set(propertiesWithValues.map((name) => name.toLowerCase()));

function touchedBy({ id, modifiedProperties }: z.infer<typeof target>): readonly TouchedName[] {
  if (id === null) return [];
  const properties = modifiedProperties ?? [];
  // Of values only the names of properties are kept, but for what a repair may have replaced.
  const modified = properties.flatMap(({ displayName, newValue }) => {
    if (displayName === null) return [];
    return displayName.toLowerCase() === listing ? (newValue?.match(/[\w.]+/gu) ?? []) : [displayName];
  });
  const values = Object.fromEntries(
    properties.flatMap(({ displayName, oldValue, newValue }) =>
      displayName !== null && withValues.has(displayName.toLowerCase())
        ? [[displayName, { was: oldValue, became: newValue }] as const]
        : [],
    ),
  );
  return [
    {
      name: id,
      before: null,
      ...(modified.length === 0 ? {} : { modified }),
      ...(Object.keys(values).length === 0 ? {} : { values }),
    },
  ];
}

function actorOf(by: z.infer<typeof initiator>): AttributedActor {
  const user = by?.user;
  if (user !== undefined && user !== null && (user.id ?? user.userPrincipalName) !== null) {
    return { kind: 'user', objectId: user.id?.toLowerCase() ?? null, userPrincipalName: user.userPrincipalName };
  }
  const id = by?.app?.servicePrincipalId ?? by?.app?.appId ?? null;
  return {
    kind: id === null ? 'unknown' : 'application',
    objectId: id?.toLowerCase() ?? null,
    userPrincipalName: null,
  };
}

/** A Graph `directoryAudit` (domain facts 4); null for an act that failed. Throws `WireMalformed`. */
export function parseDirectoryAudit(object: WireObject): ChangeRecord | null {
  return parseWire('directory audit', wireDirectoryAudit, object);
}
