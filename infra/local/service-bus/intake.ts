import type { Deadlines } from './deadlines.ts';
import { DuplicateWindow } from './duplicate-window.ts';
import { checkMessage, type MessageContent, type PeekedMessage } from './message.ts';
import { Refusal } from './refusal.ts';
import { ScheduledMessages } from './scheduled-messages.ts';

export interface IntakeOptions {
  readonly path: string;
  /** False for what is filled from inside: subscriptions and dead-letter queues. */
  readonly sendable: boolean;
  readonly requiresSession: boolean;
  readonly duplicateDetectionWindowMs: number | undefined;
  readonly deadlines: Deadlines;
  readonly nextSequenceNumber: () => number;
  readonly enqueue: (content: MessageContent) => number;
}

/** The sending side that queues and topics share: limits, duplicate detection, scheduling. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #duplicates: DuplicateWindow | undefined;
  readonly #scheduled: ScheduledMessages;

  constructor(options: IntakeOptions) {
    const { path, duplicateDetectionWindowMs, deadlines, enqueue } = options;
    this.#options = options;
    this.#duplicates =
      duplicateDetectionWindowMs === undefined ? undefined : new DuplicateWindow(duplicateDetectionWindowMs);
    this.#scheduled = new ScheduledMessages(path, deadlines, enqueue);
  }

  get scheduledCount(): number {
    return this.#scheduled.size;
  }

  /** @throws Refusal when a message breaks the service's limits */
  check(content: MessageContent): void {
    const { path, sendable } = this.#options;
    if (!sendable) throw new Refusal('amqp:not-allowed', `'${path}' cannot be sent to: send to its topic or queue.`);
    checkMessage(content, path, this.#options.requiresSession);
  }

  /**
   * Takes a message in, now or at `scheduledFor` (milliseconds since the epoch). A duplicate is accepted and dropped, and
   * still gets a sequence number. A scheduled message's id counts as seen from now on, even if it is cancelled.
   */
  accept(content: MessageContent, scheduledFor?: number): number {
    this.check(content);
    const { deadlines, nextSequenceNumber, enqueue } = this.#options;
    const now = deadlines.now();
    if (this.#duplicates?.admits(content.messageId, now) === false) return nextSequenceNumber();
    if (scheduledFor === undefined || scheduledFor <= now) return enqueue(content);
    const sequenceNumber = nextSequenceNumber();
    this.#scheduled.add(sequenceNumber, content, scheduledFor);
    return sequenceNumber;
  }

  /** @throws Refusal `message-not-found` */
  cancelScheduled(sequenceNumber: number): void {
    this.#scheduled.cancel(sequenceNumber);
  }

  peekScheduled(): PeekedMessage[] {
    return this.#scheduled.peek();
  }
}
