/** A queue, with the names and defaults of `Microsoft.ServiceBus/namespaces/queues`. Durations are milliseconds. */
export interface QueueOptions {
  name: string;
  /** Default false. */
  requiresSession?: boolean;
  /** How long message ids are remembered; absent means no duplicate detection. */
  duplicateDetectionWindowMs?: number;
  /** Default 10. */
  maxDeliveryCount?: number;
  /** Default 60,000. */
  lockDurationMs?: number;
  /** Absent means messages never expire unless they say so themselves. */
  defaultTimeToLiveMs?: number;
  /** Default false: expired messages are dropped. */
  deadLetterOnExpiry?: boolean;
}

/** A topic. Duplicate detection and time to live are the topic's, as the service has it. */
export interface TopicOptions {
  name: string;
  duplicateDetectionWindowMs?: number;
  defaultTimeToLiveMs?: number;
  subscriptions: readonly SubscriptionOptions[];
}

/** A subscription without rules: it gets a copy of everything sent to its topic. */
export interface SubscriptionOptions {
  name: string;
  /** Default 10. */
  maxDeliveryCount?: number;
  /** Default 60,000. */
  lockDurationMs?: number;
  /** Default false: expired messages are dropped. */
  deadLetterOnExpiry?: boolean;
}

export interface Topology {
  queues: readonly QueueOptions[];
  topics: readonly TopicOptions[];
}
