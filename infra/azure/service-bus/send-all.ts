import type { ServiceBusMessage } from '@azure/service-bus';
import type { Sender } from './connection.ts';

/** A message that is larger than the broker takes, alone in its batch. */
export class MessageTooLarge extends Error {
  override readonly name = 'MessageTooLarge';
}

/**
 * Sends messages in as few batches as their sizes allow. Stops at the first batch that fails; sending all again is
 * harmless where ids are deterministic.
 * @throws MessageTooLarge
 */
export async function sendAll(sender: Sender, messages: readonly ServiceBusMessage[]): Promise<void> {
  if (messages.length === 0) return;
  let batch = await sender.createBatch();
  for (const message of messages) {
    if (batch.tryAddMessage(message)) continue;
    if (batch.count > 0) {
      await sender.send(batch);
      batch = await sender.createBatch();
      if (batch.tryAddMessage(message)) continue;
    }
    throw new MessageTooLarge(
      `Message ${String(message.messageId)} is larger than the ${String(batch.maxSizeInBytes)} bytes the broker takes`,
    );
  }
  await sender.send(batch);
}
