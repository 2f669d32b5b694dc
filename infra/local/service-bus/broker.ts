import { randomUUID } from 'node:crypto';
import { listen, loopback, type Listener } from './amqp/listener.ts';
import { Deadlines } from './deadlines.ts';
import { ServiceBusNamespace } from './namespace.ts';
import { TopicEntity } from './topic.ts';
import type { Topology } from './topology.ts';

export { PortInUseError } from './amqp/listener.ts';
export type { Topology } from './topology.ts';

export interface ServiceBusBrokerOptions {
  topology: Topology;
  /** Milliseconds since the epoch; default the system's clock. */
  clock?: () => number;
  /** 0 or absent picks a free port on the first start, and keeps it. */
  port?: number;
}

/** How many messages an entity holds; deferred messages are in none of these. */
export interface EntityDepth {
  /** Ready to be received. */
  active: number;
  scheduled: number;
  deadLetter: number;
  /** In a receiver's hands. */
  locked: number;
}

/** A Service Bus namespace inside this process, for the unmodified `@azure/service-bus` client. State is in memory. */
export interface ServiceBusBroker {
  /** Starts listening, or listens again with everything it held before. @throws PortInUseError */
  start(): Promise<void>;
  /** Destroys every connection and stops listening. Messages stay, as through an outage. */
  stop(): Promise<void>;
  /** @throws BrokerNotStartedError before the first start on a port yet to be picked */
  readonly connectionString: string;
  /** @throws BrokerNotStartedError before the first start on a port yet to be picked */
  readonly port: number;
  /**
   * Counts for a queue, `topic/subscriptions/name`, or either's `/$deadletterqueue`. A topic itself only holds scheduled
   * messages. @throws Refusal `amqp:not-found`
   */
  depth(entityPath: string): EntityDepth;
}

/** The port is not known before `start`. */
export class BrokerNotStartedError extends Error {
  constructor() {
    super('The local Service Bus has no port yet: await start() first, or give it a fixed port.');
    this.name = 'BrokerNotStartedError';
  }
}

/**
 * An injected clock may jump where timers cannot follow, so while something is pending we look again at least this often.
 */
const longestSleepMs = 250;

/**
 * @example
 * const broker = createServiceBusBroker({ topology: { queues: [{ name: 'jobs' }], topics: [] } });
 * await broker.start();
 * const client = new ServiceBusClient(broker.connectionString);
 */
export function createServiceBusBroker(options: ServiceBusBrokerOptions): ServiceBusBroker {
  const deadlines = new Deadlines(options.clock ?? Date.now);
  const namespace = new ServiceBusNamespace({ topology: options.topology, deadlines, newLockToken: randomUUID });
  let port = options.port ?? 0;
  let listener: Listener | undefined;
  let timer: NodeJS.Timeout | undefined;

  function setTimer(): void {
    clearTimeout(timer);
    const next = deadlines.nextAt();
    if (listener === undefined || next === undefined) return;
    const sleepMs = Math.min(Math.max(next - deadlines.now(), 0), longestSleepMs);
    timer = setTimeout(() => {
      deadlines.run();
      setTimer();
    }, sleepMs).unref();
  }
  deadlines.onEarlier(setTimer);

  const knownPort = (): number => {
    if (port === 0) throw new BrokerNotStartedError();
    return port;
  };

  return {
    async start() {
      if (listener !== undefined) return;
      listener = await listen(port, namespace, randomUUID);
      port = listener.port;
      setTimer();
    },
    async stop() {
      const stopping = listener;
      listener = undefined;
      clearTimeout(timer);
      await stopping?.stop();
    },
    get connectionString() {
      return `Endpoint=sb://${loopback}:${knownPort()};SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true;`;
    },
    get port() {
      return knownPort();
    },
    depth(entityPath) {
      const entity = namespace.destination(entityPath);
      if (entity instanceof TopicEntity) {
        return { active: 0, scheduled: entity.intake.scheduledCount, deadLetter: 0, locked: 0 };
      }
      const { ready, locked } = entity.counts();
      return {
        active: ready,
        scheduled: entity.intake.scheduledCount,
        deadLetter: entity.deadLetters?.counts().ready ?? 0,
        locked,
      };
    },
  };
}
