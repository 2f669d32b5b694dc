import type { Deadline, Deadlines } from './deadlines.ts';
import type { MessageContent, PeekedMessage } from './message.ts';
import { messageNotFound } from './refusal.ts';

interface Scheduled {
  readonly content: MessageContent;
  readonly acceptedAt: number;
  readonly deadline: Deadline;
}

/** Messages accepted now and enqueued later; until then they can be cancelled by sequence number. */
export class ScheduledMessages {
  readonly #entityPath: string;
  readonly #deadlines: Deadlines;
  readonly #enqueue: (content: MessageContent) => void;
  readonly #waiting = new Map<number, Scheduled>();

  constructor(entityPath: string, deadlines: Deadlines, enqueue: (content: MessageContent) => void) {
    this.#entityPath = entityPath;
    this.#deadlines = deadlines;
    this.#enqueue = enqueue;
  }

  get size(): number {
    return this.#waiting.size;
  }

  add(sequenceNumber: number, content: MessageContent, dueAt: number): void {
    const deadline = this.#deadlines.at(dueAt, () => {
      this.#waiting.delete(sequenceNumber);
      this.#enqueue(content);
    });
    this.#waiting.set(sequenceNumber, { content, acceptedAt: this.#deadlines.now(), deadline });
  }

  /** @throws Refusal `message-not-found` when it is unknown, cancelled or already enqueued */
  cancel(sequenceNumber: number): void {
    const scheduled = this.#waiting.get(sequenceNumber);
    if (scheduled === undefined) throw messageNotFound(this.#entityPath, sequenceNumber);
    scheduled.deadline.cancel();
    this.#waiting.delete(sequenceNumber);
  }

  peek(): PeekedMessage[] {
    return [...this.#waiting].map(([sequenceNumber, { content, acceptedAt }]) => ({
      sequenceNumber,
      content,
      enqueuedAt: acceptedAt,
      deliveryCount: 0,
      properties: {},
      state: 'scheduled',
    }));
  }
}
