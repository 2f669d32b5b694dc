import rhea, { type Message } from 'rhea';
import type { MessageContent, PeekedMessage, ReceivedMessage } from '../message.ts';

/** The transfer format of a batch: its body holds whole encoded messages. */
export const batchFormat = 0x80013700;

const scheduledEnqueueTime = 'x-opt-scheduled-enqueue-time';
const messageStates = { active: 0, deferred: 1, scheduled: 2 } as const;

/** A message as it came in. `scheduledFor` is in milliseconds since the epoch. */
export interface SentMessage {
  readonly content: MessageContent;
  readonly scheduledFor: number | undefined;
}

/** @param newMessageId names messages whose sender did not: clients cannot do without an id */
export function decodeMessage(message: Message, newMessageId: () => string): SentMessage {
  return toSent(message, rhea.message.encode(message).length, newMessageId);
}

/** One encoded message. */
export function decodeEncoded(encoded: Buffer, newMessageId: () => string): SentMessage {
  return toSent(rhea.message.decode(encoded) as unknown as Message, encoded.length, newMessageId);
}

/** The messages of a batch transfer. */
export function decodeBatch(encoded: Buffer, newMessageId: () => string): SentMessage[] {
  const { content } = (rhea.message.decode(encoded) as unknown as { body: { content: Buffer | Buffer[] } }).body;
  const entries = Array.isArray(content) ? content : [content];
  return entries.map((entry) => decodeEncoded(entry, newMessageId));
}

/** A message for a receiver, with the annotations the service adds. */
export function encodeReceived({ message, lock }: ReceivedMessage): Message {
  const lockedUntil = lock === undefined ? {} : { 'x-opt-locked-until': rhea.types.wrap_timestamp(lock.until) };
  const state = lock?.wasDeferred === true ? 'deferred' : 'active';
  return annotate({ ...message, state }, lockedUntil);
}

/** A message as peeking shows it. */
export function encodePeeked(message: PeekedMessage): Message {
  return annotate(message, {});
}

function toSent(message: Message, sizeBytes: number, newMessageId: () => string): SentMessage {
  const messageId = message.message_id === undefined ? newMessageId() : String(message.message_id);
  const content: MessageContent = {
    messageId,
    ...(message.group_id === undefined ? {} : { sessionId: message.group_id }),
    ...(message.ttl === undefined ? {} : { timeToLiveMs: message.ttl }),
    sizeBytes,
    payload: message.message_id === undefined ? { ...message, message_id: messageId } : message,
  };
  const scheduled: unknown = message.message_annotations?.[scheduledEnqueueTime];
  return { content, scheduledFor: scheduled instanceof Date ? scheduled.getTime() : undefined };
}

function annotate(message: PeekedMessage, lockAnnotations: Record<string, unknown>): Message {
  const { sequenceNumber, content, enqueuedAt, deliveryCount, properties, state } = message;
  const payload = content.payload as Message;
  const applicationProperties: Record<string, unknown> = { ...payload.application_properties, ...properties };
  return {
    ...payload,
    delivery_count: deliveryCount,
    ...(Object.keys(applicationProperties).length === 0 ? {} : { application_properties: applicationProperties }),
    message_annotations: {
      ...payload.message_annotations,
      'x-opt-sequence-number': rhea.types.wrap_long(sequenceNumber),
      'x-opt-enqueue-sequence-number': rhea.types.wrap_long(sequenceNumber),
      'x-opt-enqueued-time': rhea.types.wrap_timestamp(enqueuedAt),
      'x-opt-message-state': rhea.types.wrap_int(messageStates[state]),
      ...lockAnnotations,
    },
  };
}
