import { ServiceBusClient, type ServiceBusReceivedMessage, type ServiceBusReceiver } from '@azure/service-bus';
import { afterEach } from 'vitest';
import {
  createServiceBusBroker,
  type ServiceBusBroker,
  type Topology,
} from '../../../../infra/local/service-bus/broker.ts';

export interface LocalServiceBus {
  broker: ServiceBusBroker;
  client: ServiceBusClient;
  /** Moves the broker's clock on, ahead of ours: what is due by then has happened when this resolves. */
  pass: (milliseconds: number) => Promise<void>;
}

/** The broker looks at its clock at least this often while something is pending. */
const brokerLooksMs = 250;

const open: LocalServiceBus[] = [];

afterEach(async () => {
  for (const { broker, client } of open.splice(0)) {
    await client.close();
    await broker.stop();
  }
});

/** A running broker and the real client on it; both end with the test. Nothing is retried: a test sees the first answer. */
export async function startLocalServiceBus(topology: Partial<Topology>): Promise<LocalServiceBus> {
  let ahead = 0;
  const broker = createServiceBusBroker({
    topology: { queues: [], topics: [], ...topology },
    clock: () => Date.now() + ahead,
  });
  await broker.start();
  const client = connect(broker);
  const started = {
    broker,
    client,
    pass: (milliseconds: number) => {
      ahead += milliseconds;
      return sleep(2 * brokerLooksMs);
    },
  };
  open.push(started);
  return started;
}

export function connect(broker: ServiceBusBroker): ServiceBusClient {
  return new ServiceBusClient(broker.connectionString, { retryOptions: { maxRetries: 0, timeoutInMs: 3_000 } });
}

/** What there is, without waiting long for more. */
export async function receiveNow(receiver: ServiceBusReceiver, count = 1): Promise<ServiceBusReceivedMessage[]> {
  return receiver.receiveMessages(count, { maxWaitTimeInMs: 300 });
}

/** Exactly one message. */
export async function receiveOne(receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage> {
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 3_000 });
  if (message === undefined) throw new Error(`No message came from '${receiver.entityPath}'.`);
  return message;
}

export async function sleep(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Asks until it is so. */
export async function until(condition: () => boolean, withinMs = 5_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Still not so after ${withinMs} ms: ${condition.toString()}`);
    await sleep(10);
  }
}

export function bodies(messages: readonly ServiceBusReceivedMessage[]): unknown[] {
  return messages.map((message): unknown => message.body);
}
