import { z } from 'zod';
import type { Alert } from '../../domain/findings/alert.ts';
import { Actor } from './actor.ts';
import { cloudEvent, envelope, instant, Instant } from './cloud-event.ts';
import { parseMessage } from './malformed.ts';
import { parseEvent } from './parse-event.ts';
import { Severity } from './severity.ts';

const type = 'kerbwatch.drift.v1';

/** Message on `drift-alerts`, and a webhook's body (contracts, Alert). */
export const AlertEvent = cloudEvent(
  type,
  z.object({
    findingIds: z.array(z.string()),
    transition: z.enum(['opened', 'reopened', 'worse', 'resolved', 'summary']),
    rule: z.string().nullable(),
    severity: Severity,
    title: z.string(),
    accounts: z.array(z.object({ id: z.string(), name: z.string() })),
    actor: Actor.nullable(),
    // What an older version stored or sent does not say, and took claims for facts.
    actorConfidence: z.enum(['proved', 'likely', 'unknown']).default('unknown'),
    at: Instant,
    link: z.string(),
  }),
);
export type AlertEvent = z.infer<typeof AlertEvent>;

const where = 'drift alert';

/** @throws MessageMalformed */
export function alertEvent({ id, at, ...alert }: Alert, tenantId: string): AlertEvent {
  return parseMessage<AlertEvent>(where, AlertEvent, {
    ...envelope(id, tenantId, at),
    type,
    data: { ...alert, at: instant(at) },
  });
}

/** @param body parsed JSON, text or bytes. @throws MessageMalformed */
export function parseAlertEvent(body: unknown): AlertEvent {
  return parseEvent(where, type, AlertEvent, body);
}
