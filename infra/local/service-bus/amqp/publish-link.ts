import type { EventContext, Receiver } from 'rhea';
import { maxMessageBytes, messageTooLarge } from '../message.ts';
import type { QueueEntity } from '../queue.ts';
import { Refusal } from '../refusal.ts';
import type { TopicEntity } from '../topic.ts';
import { batchFormat, decodeBatch, decodeMessage, type SentMessage } from './codec.ts';
import { localAttach } from './rhea-internals.ts';

/** Serves a client's sender: takes each transfer in and accepts or rejects it. A batch is taken whole or not at all. */
export function openPublishLink(
  receiver: Receiver,
  entity: QueueEntity | TopicEntity,
  entityPath: string,
  newMessageId: () => string,
): void {
  localAttach(receiver).max_message_size = maxMessageBytes;
  receiver.on('message', ({ message, delivery }: EventContext) => {
    try {
      const sent = decodeTransfer(message, delivery?.format, entityPath, newMessageId);
      for (const { content } of sent) entity.intake.check(content);
      for (const { content, scheduledFor } of sent) entity.intake.accept(content, scheduledFor);
      delivery?.accept();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      delivery?.reject({ condition: error.condition, description: error.message });
    }
  });
}

function decodeTransfer(
  message: EventContext['message'],
  format: number | undefined,
  entityPath: string,
  newMessageId: () => string,
): SentMessage[] {
  // rhea hands over undecoded bytes for every format but plain messages, though its typings do not say so.
  const transferred: unknown = message;
  if (!Buffer.isBuffer(transferred)) return message === undefined ? [] : [decodeMessage(message, newMessageId)];
  if (transferred.length > maxMessageBytes) throw messageTooLarge(transferred.length, entityPath);
  if (format === batchFormat) return decodeBatch(transferred, newMessageId);
  throw new Refusal('amqp:not-implemented', `Message format ${format ?? 0} is not known.`);
}
