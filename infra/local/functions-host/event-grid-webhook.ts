import type { IncomingHttpHeaders } from 'node:http';
import { jsonAnswer, problem, type HttpAnswer } from './http-exchange.ts';
import type { Invoker } from './invoker.ts';
import type { RegisteredFunction, TriggerOf } from './registered-function.ts';

export const EVENT_GRID_PATH = '/runtime/webhooks/EventGrid';
/** Events a minute; Event Grid honours it, nothing local does. */
const ALLOWED_RATE = '120';
const VALIDATION_EVENT = 'Microsoft.EventGrid.SubscriptionValidationEvent';

export interface EventGridWebhook {
  answer(method: string, headers: IncomingHttpHeaders, functionName: string | null, body: Buffer): Promise<HttpAnswer>;
}

/**
 * The web hook to which Event Grid delivers. It shakes hands in both schemas, takes an array of Event Grid events, one CloudEvent or
 * a batch of them, and calls the function once for each. One failure fails the whole delivery, which Event Grid then repeats whole.
 * https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema and …-cloud-events-schema
 */
export function createEventGridWebhook(
  functions: readonly RegisteredFunction<TriggerOf<'eventGrid'>>[],
  invoker: Invoker,
): EventGridWebhook {
  async function deliver(target: RegisteredFunction, events: readonly object[]): Promise<HttpAnswer> {
    const results = await Promise.allSettled(
      events.map((event) => invoker.invoke(target, { json: JSON.stringify(event) })),
    );
    const failed = results.filter(({ status }) => status === 'rejected').length;
    if (failed === 0) return { status: 200 };
    return problem(
      'internal',
      `Function "${target.name}" failed for ${String(failed)} of ${String(events.length)} events.`,
    );
  }

  return {
    async answer(method, headers, functionName, body) {
      const target = functions.find(({ name }) => name.toLowerCase() === functionName?.toLowerCase());
      if (target === undefined) return problem('not-found', `There is no Event Grid function "${functionName ?? ''}".`);
      if (method === 'OPTIONS') return answerCloudEventsHandshake(headers);
      if (method !== 'POST') return problem('method', 'Event Grid posts its events.', { Allow: 'POST, OPTIONS' });

      const events = parseEvents(body);
      if (events === undefined) return problem('request', 'The body must be an event or an array of events, in JSON.');
      const type = headers['aeg-event-type'];
      if (type === 'SubscriptionValidation' || isValidation(events[0])) return answerValidation(events[0]);
      if (type === 'Unsubscribe') return { status: 200 };
      return deliver(target, events);
    },
  };
}

function answerCloudEventsHandshake(headers: IncomingHttpHeaders): HttpAnswer {
  const origin = headers['webhook-request-origin'];
  if (typeof origin !== 'string') return problem('request', 'The header WebHook-Request-Origin is missing.');
  return { status: 200, headers: { 'WebHook-Allowed-Origin': origin, 'WebHook-Allowed-Rate': ALLOWED_RATE } };
}

function parseEvents(body: Buffer): object[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  const events: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  return events.every((event) => typeof event === 'object' && event !== null && !Array.isArray(event))
    ? (events as object[])
    : undefined;
}

function isValidation(event: object | undefined): boolean {
  return event !== undefined && 'eventType' in event && event.eventType === VALIDATION_EVENT;
}

function answerValidation(event: object | undefined): HttpAnswer {
  const data: unknown = event !== undefined && 'data' in event ? event.data : undefined;
  const code = typeof data === 'object' && data !== null && 'validationCode' in data ? data.validationCode : undefined;
  if (typeof code !== 'string') return problem('request', 'The validation event carries no data.validationCode.');
  return jsonAnswer(200, { validationResponse: code });
}
