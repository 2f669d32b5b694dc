import type { TokenCredential } from '@azure/core-auth';
import {
  RetryMode,
  ServiceBusClient,
  type ServiceBusMessage,
  type ServiceBusMessageBatch,
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

export interface ServiceBusConnection {
  sender(entity: string): Sender;
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
      const reach = async <T>(call: () => Promise<T>): Promise<T> => {
        try {
          return await call();
        } catch (error) {
          throw brokerError(error, client.fullyQualifiedNamespace, entity);
        }
      };
      return {
        send: (message) => reach(() => open.sendMessages(message)),
        createBatch: () => reach(() => open.createMessageBatch()),
      };
    },
    async close() {
      await settledWithin(closePatienceMs, client.close());
    },
  };

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
