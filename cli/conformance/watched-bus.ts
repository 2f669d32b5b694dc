import { ServiceBusClient, type ServiceBusReceivedMessage } from '@azure/service-bus';
import { queues } from '../../infra/names.ts';
import { settledWithin } from '../../infra/settled-within.ts';
import { unseenBy, watchQueue, type WatchedQueue } from './watched-queue.ts';

/** Service Bus as conformance uses it: it sends jobs, and only looks at everything else. */
export interface WatchedBus extends Pick<WatchedQueue, 'sendAndWait'> {
  /** Results that have come since the last look. */
  newResults(): Promise<readonly ServiceBusReceivedMessage[]>;
  /** Messages that were put aside since the last look, among the dead letters or on `rejected`. */
  newlyPutAside(): Promise<number>;
  close(): Promise<void>;
}

const closePatienceMs = 5_000;

/** @param wait comes back after so many milliseconds, or throws when it is all over */
export async function watchBus(
  connectionString: string,
  wait: (milliseconds: number) => Promise<void>,
): Promise<WatchedBus> {
  const client = new ServiceBusClient(connectionString, { retryOptions: { maxRetries: 2, timeoutInMs: 10_000 } });
  const jobs = watchQueue(client, queues.remediationJobs, wait);
  const results = client.createReceiver(queues.remediationResults);
  const aside = [
    client.createReceiver(queues.remediationJobs, { subQueueType: 'deadLetter' }),
    client.createReceiver(queues.rejected),
  ];

  await jobs.unseen();
  for (const receiver of [results, ...aside]) await unseenBy(receiver);

  return {
    sendAndWait: (message, patienceMs, isHopeless) => jobs.sendAndWait(message, patienceMs, isHopeless),
    newResults: () => unseenBy(results),
    async newlyPutAside() {
      const found = await Promise.all(aside.map((receiver) => unseenBy(receiver)));
      return found.flat().length;
    },
    async close() {
      await settledWithin(closePatienceMs, client.close());
    },
  };
}
