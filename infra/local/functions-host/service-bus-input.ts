import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import type { RpcTypedData } from './worker-protocol.ts';

/**
 * The message's body as the platform hands it over: text (which the library parses when it is JSON) or bytes that are no UTF-8.
 * The message must have been received with `skipParsingBodyAsJson`.
 */
export function messageInput({ body }: ServiceBusReceivedMessage): RpcTypedData {
  const content: unknown = body;
  if (!(content instanceof Uint8Array))
    return typeof content === 'string' ? { string: content } : json(content ?? null);
  try {
    return { string: new TextDecoder('utf-8', { fatal: true }).decode(content) };
  } catch {
    return { bytes: content };
  }
}

/** The trigger metadata of the Service Bus extension, by its names; what a message does not carry is left out. Times are ISO 8601, UTC. */
export function messageMetadata(message: ServiceBusReceivedMessage): Record<string, RpcTypedData> {
  const optional: Record<string, string | undefined> = {
    MessageId: message.messageId?.toString(),
    SessionId: message.sessionId,
    ReplyToSessionId: message.replyToSessionId,
    PartitionKey: message.partitionKey,
    CorrelationId: message.correlationId?.toString(),
    ContentType: message.contentType,
    Subject: message.subject,
    To: message.to,
    ReplyTo: message.replyTo,
    DeadLetterSource: message.deadLetterSource,
    LockToken: message.lockToken,
  };
  const present = Object.entries(optional).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, { string: text }] as const],
  );
  return {
    ...Object.fromEntries(present),
    ...(message.enqueuedTimeUtc !== undefined && { EnqueuedTimeUtc: json(message.enqueuedTimeUtc) }),
    ...(message.expiresAtUtc !== undefined && { ExpiresAtUtc: json(message.expiresAtUtc) }),
    ...(message.sequenceNumber !== undefined && { SequenceNumber: { int: message.sequenceNumber.toNumber() } }),
    // The .NET client, and so the platform, counts the delivery under way: 1 the first time, where the JavaScript client says 0.
    DeliveryCount: { int: (message.deliveryCount ?? 0) + 1 },
    ApplicationProperties: json(message.applicationProperties ?? {}),
  };
}

function json(value: unknown): RpcTypedData {
  return { json: JSON.stringify(value) };
}
