import type { Deadlines } from './deadlines.ts';
import { QueueEntity, type QueueSettings } from './queue.ts';
import { entityNotFound } from './refusal.ts';
import { TopicEntity } from './topic.ts';
import type { QueueOptions, SubscriptionOptions, TopicOptions, Topology } from './topology.ts';

export interface NamespaceParts {
  readonly topology: Topology;
  readonly deadlines: Deadlines;
  readonly newLockToken: () => string;
}

const defaultMaxDeliveryCount = 10;
const defaultLockDurationMs = 60_000;
const deadLetterSuffix = '/$deadletterqueue';

/** All entities of one broker by path. Paths match whatever their case, as the service's do. */
export class ServiceBusNamespace {
  readonly #queues = new Map<string, QueueEntity>();
  readonly #topics = new Map<string, TopicEntity>();
  readonly #parts: NamespaceParts;

  constructor(parts: NamespaceParts) {
    this.#parts = parts;
    for (const queue of parts.topology.queues) this.#addQueue(queueSettings(queue));
    for (const topic of parts.topology.topics) this.#addTopic(topic);
  }

  /** A queue, `topic/subscriptions/name`, or either's `/$deadletterqueue`. @throws Refusal `amqp:not-found` */
  queue(path: string): QueueEntity {
    const queue = this.#queues.get(normalise(path));
    if (queue === undefined) throw entityNotFound(path);
    return queue;
  }

  /** What can be sent to: a queue or a topic. @throws Refusal `amqp:not-found` */
  destination(path: string): QueueEntity | TopicEntity {
    return this.#topics.get(normalise(path)) ?? this.queue(path);
  }

  #addQueue(settings: QueueSettings): QueueEntity {
    const nextSequenceNumber = counter();
    const { deadlines, newLockToken } = this.#parts;
    const deadLetters = new QueueEntity(deadLetterSettings(settings), {
      deadlines,
      newLockToken,
      nextSequenceNumber,
      deadLetters: undefined,
    });
    const queue = new QueueEntity(settings, { deadlines, newLockToken, nextSequenceNumber, deadLetters });
    this.#queues.set(normalise(queue.settings.path), queue);
    this.#queues.set(normalise(deadLetters.settings.path), deadLetters);
    return queue;
  }

  #addTopic(topic: TopicOptions): void {
    const entity = new TopicEntity({
      path: topic.name,
      duplicateDetectionWindowMs: topic.duplicateDetectionWindowMs,
      deadlines: this.#parts.deadlines,
      nextSequenceNumber: counter(),
      subscriptions: topic.subscriptions.map((options) => this.#addQueue(subscriptionSettings(topic, options))),
    });
    this.#topics.set(normalise(topic.name), entity);
  }
}

function queueSettings(options: QueueOptions): QueueSettings {
  return {
    path: options.name,
    sendable: true,
    requiresSession: options.requiresSession ?? false,
    duplicateDetectionWindowMs: options.duplicateDetectionWindowMs,
    maxDeliveryCount: options.maxDeliveryCount ?? defaultMaxDeliveryCount,
    lockDurationMs: options.lockDurationMs ?? defaultLockDurationMs,
    defaultTimeToLiveMs: options.defaultTimeToLiveMs,
    honoursTimeToLive: true,
    deadLetterOnExpiry: options.deadLetterOnExpiry ?? false,
  };
}

function subscriptionSettings(topic: TopicOptions, { name, ...options }: SubscriptionOptions): QueueSettings {
  const settings = queueSettings({ ...options, name: `${topic.name}/subscriptions/${name}` });
  return { ...settings, sendable: false, defaultTimeToLiveMs: topic.defaultTimeToLiveMs };
}

/** A dead-letter queue has no sessions, keeps everything until somebody takes it, and counts no failures. */
function deadLetterSettings(parent: QueueSettings): QueueSettings {
  return {
    path: parent.path + deadLetterSuffix,
    sendable: false,
    requiresSession: false,
    duplicateDetectionWindowMs: undefined,
    maxDeliveryCount: Infinity,
    lockDurationMs: parent.lockDurationMs,
    defaultTimeToLiveMs: undefined,
    honoursTimeToLive: false,
    deadLetterOnExpiry: false,
  };
}

function normalise(path: string): string {
  return path.toLowerCase().replace(/^\/+|\/+$/g, '');
}

function counter(): () => number {
  let last = 0;
  return () => {
    last += 1;
    return last;
  };
}
