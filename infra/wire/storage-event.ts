import { z } from 'zod';

import type { EventAbout, ResourceEvent } from '../../domain/audit/resource-event.ts';
import { eventAbout } from './event-about.ts';
import { Claims, eventActor } from './event-actor.ts';
import { ForeignEvent } from './foreign-event.ts';
import { parseEventTime } from './event-time.ts';
import { WireMalformed } from './wire-malformed.ts';

const text = z.string().max(2048).nullish();
/** What an event can do without, so that another shape of it spoils nothing. */
const optionalText = text.catch(null);

/**
 * The Event Grid schema and CloudEvents 1.0 name the same things alike, but for type and time (domain facts 6.1); resource
 * notifications carry the resource instead of the operation (6.2).
 */
const WireEvent = z.object({
  id: z.string().min(1).max(512),
  subject: text,
  eventType: text,
  type: text,
  eventTime: optionalText,
  time: optionalText,
  data: z.object({
    resourceUri: text,
    operationName: text,
    tenantId: optionalText,
    claims: Claims.optional(),
    resourceInfo: z.object({ id: text }).nullish(),
    operationalInfo: z.object({ resourceEventTime: optionalText }).nullish().catch(null),
  }),
});
type WireEvent = z.infer<typeof WireEvent>;

const managementEvent = /^Microsoft\.Resources\.Resource(?:Write|Delete|Action)(Success|Failure|Cancel)$/iu;
const notification = /^Microsoft\.ResourceNotifications\.Resources\.(?:CreatedOrUpdated|Deleted)$/iu;

/**
 * What an event of Event Grid says, in either schema: of the subscription's management events, or of resource
 * notifications. Claims are dropped but for the object id or client id of who did it.
 * @param tenantId the tenant that is watched, lower case.
 * @throws WireMalformed when it is no event about a resource; ForeignEvent when it is of another tenant.
 */
export function storageEvent(event: unknown, tenantId: string): ResourceEvent {
  const parsed = WireEvent.safeParse(event);
  if (!parsed.success) {
    throw malformed(parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the event'}: ${message}`));
  }
  const { id, eventType, type, data } = parsed.data;
  const kind = eventType ?? type ?? '';
  if (kind === '') throw malformed(['eventType: it has neither eventType nor type']);
  if (namesAnother(data.tenantId, tenantId)) throw new ForeignEvent();
  return {
    eventId: id,
    about: aboutOf(parsed.data, kind),
    at: parseEventTime(data.operationalInfo?.resourceEventTime ?? parsed.data.eventTime ?? parsed.data.time ?? ''),
    actor: eventActor(data.claims ?? null),
  };
}

function aboutOf({ subject, data }: WireEvent, kind: string): EventAbout {
  const result = managementEvent.exec(kind)?.[1];
  if (result === undefined && !notification.test(kind)) {
    return { kind: 'nothing', why: 'its type is none of those that tell of changes to resources' };
  }
  if (result !== undefined && result.toLowerCase() !== 'success') {
    return { kind: 'nothing', why: 'what it tells of did not succeed' };
  }
  const resourceId = [data.resourceInfo?.id, data.resourceUri, subject].find((given) => Boolean(given));
  if (typeof resourceId !== 'string') throw malformed(['data.resourceUri: neither it nor subject names a resource']);
  return eventAbout(resourceId, data.operationName ?? null);
}

function namesAnother(given: string | null | undefined, tenantId: string): boolean {
  return Boolean(given) && given?.toLowerCase() !== tenantId;
}

function malformed(what: readonly string[]): WireMalformed {
  return new WireMalformed('Event Grid event', what);
}
