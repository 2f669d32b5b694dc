import { z } from 'zod';
import type { AttributedActor } from '../../domain/drift/attribution.ts';
import type { ChangeRecord } from '../../domain/drift/conclude.ts';
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

const wireDirectoryAudit = z
  .object({
    activityDateTime: instant,
    activityDisplayName: optionalText,
    correlationId: optionalText,
    result: optionalText,
    initiatedBy: initiator,
    targetResources: z.array(z.object({ id: optionalText })).nullish(),
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
      touched: (audit.targetResources ?? []).flatMap(({ id }) => (id === null ? [] : [{ name: id, before: null }])),
    };
  });

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
