import type { TokenCredential } from '@azure/core-auth';
import {
  RetryMode,
  ServiceBusClient,
  type ServiceBusMessage,
  type ServiceBusMessageBatch,
  type ServiceBusReceivedMessage,
  type ServiceBusSender,
} from '@azure/service-bus';
import { connections } from '../../names.ts';
import { settledWithin } from '../../settled-within.ts';
import { brokerError } from './broker-unreachable.ts';

/** A queue or a topic to send to. Its members throw `BrokerUnreachable` when the broker does not answer. */
export interface Sender {
  send(message: ServiceBusMessage | ServiceBusMessageBatch): Promise<void>;
  createBatch(): Promise<ServiceBusMessageBatch>;
}

/** A queue to look into and to take single messages from. Its members throw `BrokerUnreachable` when the broker does not answer. */
export interface Receiver {
  /** The next ones after those that this receiver has peeked at, the oldest first; nothing is taken. Empty at the end. */
  peek(most: number): Promise<readonly ServiceBusReceivedMessage[]>;
  /** Holds what is there now, under locks, and waits for no more; empty where there is nothing. */
  receive(most: number): Promise<readonly ServiceBusReceivedMessage[]>;
  complete(message: ServiceBusReceivedMessage): Promise<void>;
  abandon(message: ServiceBusReceivedMessage): Promise<void>;
  close(): Promise<void>;
}

export interface ServiceBusConnection {
  sender(entity: string): Sender;
  /** Of a queue without sessions, or of the dead letters of any. */
  receiver(queue: string, of: 'messages' | 'dead-letters'): Receiver;
  /** Ends all links, or gives up after 5 s; a sender asked for later opens none. */
  close(): Promise<void>;
}

export interface ServiceBusConnectionOptions {
  /** Asked for only where the settings hold no connection string. */
  readonly credential: () => TokenCredential;
  /** How often an unanswered send is repeated; default 3. The outbox and the queues repeat the rest. */
  readonly retries?: number;
  /** How long one try may take; default 10,000. A link that was cut without a word is noticed only by this. */
  readonly timeoutMs?: number;
}

/** A link being closed when its connection drops never settles in the client. */
const closePatienceMs = 5_000;

/** A queue that sends nothing for so long is empty. */
const emptyAfterMs = 2_000;

/** The app settings do not say where Service Bus is. */
export class ServiceBusSettingsInvalid extends Error {
  override readonly name = 'ServiceBusSettingsInvalid';
}

/**
 * Service Bus as the app settings name it: `ServiceBusConnection` (a connection string), else
 * `ServiceBusConnection__fullyQualifiedNamespace`. Nothing is opened before the first send.
 * @throws ServiceBusSettingsInvalid when neither is there.
 */
export function connectServiceBus(
  settings: Readonly<Record<string, string | undefined>>,
  { credential, retries = 3, timeoutMs = 10_000 }: ServiceBusConnectionOptions,
): ServiceBusConnection {
  const retryOptions = {
    maxRetries: retries,
    timeoutInMs: timeoutMs,
    mode: RetryMode.Exponential,
    retryDelayInMs: 200,
    maxRetryDelayInMs: 2000,
  };
  const client = connect();
  const senders = new Map<string, ServiceBusSender>();

  return {
    sender(entity) {
      const open = senders.get(entity) ?? client.createSender(entity);
      senders.set(entity, open);
      const reach = reaching(entity);
      return {
        send: (message) => reach(() => open.sendMessages(message)),
        createBatch: () => reach(() => open.createMessageBatch()),
      };
    },
    receiver(queue, of) {
      const isDeadLetters = of === 'dead-letters';
      // A client remembers for all its receivers how far a queue was peeked at, so that a look of its own needs one.
      const own = connect();
      const open = own.createReceiver(queue, isDeadLetters ? { subQueueType: 'deadLetter' } : {});
      const reach = reaching(isDeadLetters ? `the dead letters of ${queue}` : queue);
      return {
        peek: (most) => reach(() => open.peekMessages(most)),
        receive: (most) => reach(() => open.receiveMessages(most, { maxWaitTimeInMs: emptyAfterMs })),
        complete: (message) => reach(() => open.completeMessage(message)),
        abandon: (message) => reach(() => open.abandonMessage(message)),
        close: async () => {
          await settledWithin(closePatienceMs, own.close());
        },
      };
    },
    async close() {
      await settledWithin(closePatienceMs, client.close());
    },
  };

  /** What a call to an entity throws says which one did not answer. */
  function reaching(entity: string): <T>(call: () => Promise<T>) => Promise<T> {
    return async (call) => {
      try {
        return await call();
      } catch (error) {
        throw brokerError(error, client.fullyQualifiedNamespace, entity);
      }
    };
  }

  function connect(): ServiceBusClient {
    const connectionString = settings[connections.serviceBus];
    if (connectionString !== undefined && connectionString !== '') {
      return new ServiceBusClient(connectionString, { retryOptions });
    }
    const namespace = settings[`${connections.serviceBus}__fullyQualifiedNamespace`];
    if (namespace !== undefined && namespace !== '') {
      return new ServiceBusClient(namespace, credential(), { retryOptions });
    }
    throw new ServiceBusSettingsInvalid(
      `No app setting says where Service Bus is: set ${connections.serviceBus} to a connection string, ` +
        `or ${connections.serviceBus}__fullyQualifiedNamespace to the namespace's host name.`,
    );
  }
}
