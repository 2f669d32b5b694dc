import {
  ServiceBusClient,
  type ServiceBusMessage,
  type ServiceBusReceivedMessage,
  type ServiceBusReceiver,
} from '@azure/service-bus';
import { queues } from '../../infra/names.ts';
import { settledWithin } from '../../infra/settled-within.ts';

/** Service Bus as conformance uses it: it sends jobs, and only looks at everything else. */
export interface WatchedBus {
  /** @param isHopeless ends the wait @returns whether the message has left the queue, however it did, in time */
  sendAndWait(message: ServiceBusMessage, patienceMs: number, isHopeless: () => boolean): Promise<boolean>;
  /** Results that have come since the last look. */
  newResults(): Promise<readonly ServiceBusReceivedMessage[]>;
  /** Messages that were put aside since the last look, among the dead letters or on `rejected`. */
  newlyPutAside(): Promise<number>;
  close(): Promise<void>;
}

const pollMs = 25;
const page = 100;
const closePatienceMs = 5_000;

/** @param wait comes back after so many milliseconds, or throws when it is all over */
export async function watchBus(
  connectionString: string,
  wait: (milliseconds: number) => Promise<void>,
): Promise<WatchedBus> {
  const client = new ServiceBusClient(connectionString, { retryOptions: { maxRetries: 2, timeoutInMs: 10_000 } });
  const sender = client.createSender(queues.remediationJobs);
  const jobs = client.createReceiver(queues.remediationJobs);
  const results = client.createReceiver(queues.remediationResults);
  const aside = [
    client.createReceiver(queues.remediationJobs, { subQueueType: 'deadLetter' }),
    client.createReceiver(queues.rejected),
  ];

  /** Looks go on from where the last one ended, so each sees only what is new. */
  async function unseen(receiver: ServiceBusReceiver): Promise<readonly ServiceBusReceivedMessage[]> {
    const found: ServiceBusReceivedMessage[] = [];
    for (;;) {
      const more = await receiver.peekMessages(page);
      if (more.length === 0) return found;
      found.push(...more);
    }
  }

  for (const receiver of [jobs, results, ...aside]) await unseen(receiver);

  return {
    async sendAndWait(message, patienceMs, isHopeless) {
      await sender.sendMessages(message);
      const isIt = ({ messageId }: ServiceBusReceivedMessage): boolean => messageId === message.messageId;
      const fromSequenceNumber = (await unseen(jobs)).find(isIt)?.sequenceNumber;
      // Whoever takes it between the send and the look has settled it.
      if (fromSequenceNumber === undefined) return true;
      for (let waitedMs = 0; waitedMs < patienceMs && !isHopeless(); waitedMs += pollMs) {
        if (!(await jobs.peekMessages(1, { fromSequenceNumber })).some(isIt)) return true;
        await wait(pollMs);
      }
      return false;
    },
    newResults: () => unseen(results),
    async newlyPutAside() {
      const found = await Promise.all(aside.map((receiver) => unseen(receiver)));
      return found.flat().length;
    },
    async close() {
      await settledWithin(closePatienceMs, client.close());
    },
  };
}
