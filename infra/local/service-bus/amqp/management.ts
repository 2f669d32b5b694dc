import rhea, { type Message } from 'rhea';
import { deadLetterProperties, type Settlement } from '../message.ts';
import { QueueEntity } from '../queue.ts';
import { Refusal } from '../refusal.ts';
import type { TopicEntity } from '../topic.ts';
import { decodeEncoded, encodePeeked, encodeReceived } from './codec.ts';
import { tokenFromUuid, uuidBytes } from './lock-token.ts';
import type { Reply } from './replies.ts';
import { RequestFields } from './request-fields.ts';

const longCode = 0x81;
const timestampCode = 0x83;

/** Answers one request to an entity's `$management` node. @throws Refusal */
export function answerManagement(
  entity: QueueEntity | TopicEntity,
  request: Message,
  newMessageId: () => string,
): Reply {
  const properties: Record<string, unknown> = request.application_properties ?? {};
  const operation = String(properties['operation']);
  const fields = new RequestFields(request);
  switch (operation) {
    case 'com.microsoft:schedule-message':
      return schedule(entity, fields, newMessageId);
    case 'com.microsoft:cancel-scheduled-message':
      for (const sequenceNumber of fields.numbers('sequence-numbers')) entity.intake.cancelScheduled(sequenceNumber);
      return { statusCode: 200 };
    default:
      if (entity instanceof QueueEntity) return answerForQueue(entity, operation, fields);
      throw notImplemented(operation);
  }
}

function answerForQueue(queue: QueueEntity, operation: string, fields: RequestFields): Reply {
  switch (operation) {
    case 'com.microsoft:peek-message':
      return peek(queue, fields);
    case 'com.microsoft:renew-lock':
      return renewLocks(queue, fields);
    case 'com.microsoft:receive-by-sequence-number':
      return receiveDeferred(queue, fields);
    case 'com.microsoft:update-disposition':
      return settle(queue, fields);
    case 'com.microsoft:renew-session-lock': {
      const until = queue.sessions.renew(fields.text('session-id'));
      return { statusCode: 200, body: { expiration: rhea.types.wrap_timestamp(until) } };
    }
    case 'com.microsoft:get-session-state':
      return { statusCode: 200, body: { 'session-state': queue.sessions.stateOf(fields.text('session-id')) ?? null } };
    case 'com.microsoft:set-session-state':
      queue.sessions.setState(fields.text('session-id'), fields.bytes('session-state'));
      return { statusCode: 200 };
    default:
      throw notImplemented(operation);
  }
}

function schedule(entity: QueueEntity | TopicEntity, fields: RequestFields, newMessageId: () => string): Reply {
  const sent = fields.maps('messages').map(({ message }) => {
    if (!Buffer.isBuffer(message))
      throw new Refusal('com.microsoft:argument-error', 'A scheduled message has no bytes.');
    return decodeEncoded(message, newMessageId);
  });
  for (const { content } of sent) entity.intake.check(content);
  const sequenceNumbers = sent.map(({ content, scheduledFor }) => entity.intake.accept(content, scheduledFor));
  return {
    statusCode: 200,
    body: { 'sequence-numbers': rhea.types.wrap_array(sequenceNumbers, longCode, undefined) },
  };
}

function peek(queue: QueueEntity, fields: RequestFields): Reply {
  const from = fields.number('from-sequence-number');
  const peeked = queue.peek(from, fields.number('message-count'), fields.optionalText('session-id'));
  if (peeked.length === 0) return { statusCode: 204 };
  const messages = peeked.map((message) => ({ message: rhea.message.encode(encodePeeked(message)) }));
  return { statusCode: 200, body: { messages } };
}

function renewLocks(queue: QueueEntity, fields: RequestFields): Reply {
  const ends = fields.uuids('lock-tokens').map((token) => queue.renew(tokenFromUuid(token)));
  return { statusCode: 200, body: { expirations: rhea.types.wrap_array(ends, timestampCode, undefined) } };
}

function receiveDeferred(queue: QueueEntity, fields: RequestFields): Reply {
  const mode = fields.number('receiver-settle-mode') === 0 ? 'receiveAndDelete' : 'peekLock';
  const received = queue.receiveDeferred(fields.numbers('sequence-numbers'), mode, fields.optionalText('session-id'));
  const messages = received.map((delivery) => ({
    ...(delivery.lock === undefined ? {} : { 'lock-token': rhea.types.wrap_uuid(uuidBytes(delivery.lock.token)) }),
    message: rhea.message.encode(encodeReceived(delivery)),
  }));
  return { statusCode: 200, body: { messages } };
}

function settle(queue: QueueEntity, fields: RequestFields): Reply {
  const settlement = requestedSettlement(fields);
  for (const token of fields.uuids('lock-tokens')) queue.settle(tokenFromUuid(token), settlement);
  return { statusCode: 200 };
}

/** The spelling "defered" is the protocol's. */
function requestedSettlement(fields: RequestFields): Settlement {
  const properties = fields.map('properties-to-modify');
  const status = fields.text('disposition-status');
  switch (status) {
    case 'completed':
      return { kind: 'complete' };
    case 'abandoned':
      return { kind: 'abandon', properties };
    case 'defered':
      return { kind: 'defer', properties };
    case 'suspended': {
      const reason = fields.optionalText('deadletter-reason') ?? '';
      const description = fields.optionalText('deadletter-description') ?? '';
      return { kind: 'dead-letter', properties: { ...properties, ...deadLetterProperties(reason, description) } };
    }
    default:
      throw new Refusal('com.microsoft:argument-error', `Disposition status '${status}' is not known.`);
  }
}

function notImplemented(operation: string): Refusal {
  return new Refusal('amqp:not-implemented', `The local Service Bus does not implement '${operation}'.`);
}
