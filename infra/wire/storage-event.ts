import { z } from 'zod';

import type { AccountHint } from '../../domain/audit/queue-account.ts';
import type { Actor } from '../../domain/findings/finding.ts';
import { WireMalformed } from './wire-malformed.ts';

/** The claim that carries the object id of who did it (domain facts 6.1); nothing else of the claims is kept. */
const objectIdClaim = 'http://schemas.microsoft.com/identity/claims/objectidentifier';

/** Older versions send `claims` as JSON in a string. */
const Claims = z.preprocess((value) => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return null;
  }
}, z.record(z.string(), z.unknown()).nullable().catch(null));

/** The Event Grid schema and CloudEvents 1.0 name the same things alike, but for the type. */
const ResourceEvent = z.object({
  id: z.string().min(1).max(512),
  subject: z.string().optional(),
  eventType: z.string().optional(),
  type: z.string().optional(),
  data: z.object({
    resourceUri: z.string().optional(),
    operationName: z.string().optional(),
    claims: Claims.optional(),
  }),
});

const accountPath =
  /^\/subscriptions\/[0-9a-f-]+\/resourcegroups\/[^/]+\/providers\/microsoft\.storage\/storageaccounts\/[a-z0-9]{3,24}(?=\/|$)/iu;

/**
 * What an Event Grid event says of a storage account: the account itself, or something under it. null when it is about
 * something else. Claims are dropped but for the object id or client id of who did it.
 * @throws WireMalformed when it is no resource event.
 */
export function storageEvent(event: unknown): AccountHint | null {
  const parsed = ResourceEvent.safeParse(event);
  if (!parsed.success) {
    throw new WireMalformed(
      'Event Grid event',
      parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the event'}: ${message}`),
    );
  }
  const { id, subject, data, eventType, type } = parsed.data;
  if (eventType === undefined && type === undefined) {
    throw new WireMalformed('Event Grid event', [`eventType: event ${id} has neither eventType nor type`]);
  }
  const accountId = accountPath.exec(data.resourceUri ?? subject ?? '')?.[0];
  return accountId === undefined ? null : { eventId: id, accountId, actor: actorOf(data.claims ?? null) };
}

function actorOf(claims: Readonly<Record<string, unknown>> | null): Actor {
  if (claims === null) return { kind: 'unknown', objectId: null };
  const objectId = claims[objectIdClaim];
  // A user principal name says that it was a person; the name itself is dropped.
  const person = Object.keys(claims).some((name) => name === 'upn' || name.endsWith('/upn'));
  if (isId(objectId)) return { kind: person ? 'user' : 'application', objectId };
  const appid = claims['appid'];
  return isId(appid) ? { kind: 'application', objectId: appid } : { kind: 'unknown', objectId: null };
}

/** Claims are what the sender says: only an id is kept, never a name or an address put in its place. */
function isId(claim: unknown): claim is string {
  return typeof claim === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(claim);
}
