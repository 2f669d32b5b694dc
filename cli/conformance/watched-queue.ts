import type {
  ServiceBusClient,
  ServiceBusMessage,
  ServiceBusReceivedMessage,
  ServiceBusReceiver,
} from '@azure/service-bus';

/** A queue that somebody else takes messages of: it is sent to, and looked at. */
export interface WatchedQueue {
  /** @param isHopeless ends the wait @returns whether the message has left the queue, however it did, in time */
  sendAndWait(message: ServiceBusMessage, patienceMs: number, isHopeless: () => boolean): Promise<boolean>;
  /** What has come since the last look. */
  unseen(): Promise<readonly ServiceBusReceivedMessage[]>;
}

const pollMs = 25;
const page = 100;

/** @param wait comes back after so many milliseconds, or throws when it is all over */
export function watchQueue(
  client: ServiceBusClient,
  queue: string,
  wait: (milliseconds: number) => Promise<void>,
): WatchedQueue {
  const sender = client.createSender(queue);
  const looking = client.createReceiver(queue);
  return {
    async sendAndWait(message, patienceMs, isHopeless) {
      await sender.sendMessages(message);
      const isIt = ({ messageId }: ServiceBusReceivedMessage): boolean => messageId === message.messageId;
      const fromSequenceNumber = (await unseenBy(looking)).find(isIt)?.sequenceNumber;
      // Whoever takes it between the send and the look has settled it.
      if (fromSequenceNumber === undefined) return true;
      for (let waitedMs = 0; waitedMs < patienceMs && !isHopeless(); waitedMs += pollMs) {
        if (!(await looking.peekMessages(1, { fromSequenceNumber })).some(isIt)) return true;
        await wait(pollMs);
      }
      return false;
    },
    unseen: () => unseenBy(looking),
  };
}

/** Looks go on from where the last one ended, so each sees only what is new. */
export async function unseenBy(receiver: ServiceBusReceiver): Promise<readonly ServiceBusReceivedMessage[]> {
  const found: ServiceBusReceivedMessage[] = [];
  for (;;) {
    const more = await receiver.peekMessages(page);
    if (more.length === 0) return found;
    found.push(...more);
  }
}
