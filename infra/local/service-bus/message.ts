import type { Deadline } from './deadlines.ts';
import { Refusal } from './refusal.ts';
import type { SessionHold } from './session-hold.ts';

/** What a sender sent. `payload` is carried and never looked into; copies share it. */
export interface MessageContent {
  readonly messageId: string;
  readonly sessionId?: string;
  readonly timeToLiveMs?: number;
  readonly sizeBytes: number;
  readonly payload: unknown;
}

/** A message lock: `token` is a lower-case UUID. Under a session the session's lock is what counts. */
export interface MessageLock {
  readonly token: string;
  readonly session: SessionHold | undefined;
  /** A deferred message goes back to being deferred when its lock ends. */
  readonly wasDeferred: boolean;
  until: number;
  expiry: Deadline | undefined;
}

export type MessageState =
  | { readonly kind: 'ready' }
  | { readonly kind: 'deferred' }
  | { readonly kind: 'locked'; readonly lock: MessageLock }
  | { readonly kind: 'removed' };

/** A message lying in a queue. */
export interface StoredMessage {
  readonly sequenceNumber: number;
  readonly content: MessageContent;
  readonly enqueuedAt: number;
  /** Undefined: never. */
  readonly expiresAt: number | undefined;
  /** Failed deliveries so far; 0 on the first one. */
  deliveryCount: number;
  /** Application properties set while settling; they win over the sender's. */
  properties: Readonly<Record<string, unknown>>;
  state: MessageState;
  expiry: Deadline | undefined;
}

/** A message handed to a receiver; `lock` is absent for receive-and-delete. */
export interface ReceivedMessage {
  readonly message: StoredMessage;
  readonly lock: MessageLock | undefined;
}

/** A message as peeking shows it. */
export interface PeekedMessage {
  readonly sequenceNumber: number;
  readonly content: MessageContent;
  readonly enqueuedAt: number;
  readonly deliveryCount: number;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly state: 'active' | 'deferred' | 'scheduled';
}

/** How a receiver ends its lock. */
export type Settlement =
  | { readonly kind: 'complete' }
  | { readonly kind: 'abandon'; readonly properties: Readonly<Record<string, unknown>> }
  | { readonly kind: 'defer'; readonly properties: Readonly<Record<string, unknown>> }
  | { readonly kind: 'dead-letter'; readonly properties: Readonly<Record<string, unknown>> };

/** Application properties the service sets on dead-lettered messages. */
export function deadLetterProperties(reason: string, description: string): Record<string, unknown> {
  return { DeadLetterReason: reason, DeadLetterErrorDescription: description };
}

/** Characters; Service Bus quotas page, "Message property" and "session ID". */
export const maxIdLength = 128;
/** Bytes, standard tier. */
export const maxMessageBytes = 256 * 1024;

/** @throws Refusal when the message breaks one of the service's own limits */
export function checkMessage(content: MessageContent, entityPath: string, requiresSession: boolean): void {
  if (content.sizeBytes > maxMessageBytes) throw messageTooLarge(content.sizeBytes, entityPath);
  checkId('MessageId', content.messageId, entityPath);
  if (content.sessionId !== undefined) checkId('SessionId', content.sessionId, entityPath);
  else if (requiresSession) {
    throw new Refusal(
      'amqp:not-allowed',
      `The SessionId was not set on a message, and it cannot be sent to '${entityPath}': entities that have session support enabled only receive messages with a SessionId.`,
    );
  }
}

export function messageTooLarge(sizeBytes: number, entityPath: string): Refusal {
  return new Refusal(
    'amqp:link:message-size-exceeded',
    `The message for '${entityPath}' is ${sizeBytes} bytes; the limit is ${maxMessageBytes} bytes.`,
  );
}

function checkId(name: string, value: string, entityPath: string): void {
  if (value.length <= maxIdLength) return;
  throw new Refusal(
    'com.microsoft:argument-error',
    `${name} for '${entityPath}' has ${value.length} characters; the limit is ${maxIdLength}.`,
  );
}
