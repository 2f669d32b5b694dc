import type { Deadlines } from './deadlines.ts';
import { Intake } from './intake.ts';
import type { MessageContent } from './message.ts';
import type { QueueEntity } from './queue.ts';

export interface TopicParts {
  readonly path: string;
  readonly duplicateDetectionWindowMs: number | undefined;
  readonly deadlines: Deadlines;
  readonly nextSequenceNumber: () => number;
  readonly subscriptions: readonly QueueEntity[];
}

/** A topic: what it takes in goes to every subscription. Scheduled messages wait here, before the fan-out. */
export class TopicEntity {
  readonly path: string;
  readonly intake: Intake;

  constructor({ path, duplicateDetectionWindowMs, deadlines, nextSequenceNumber, subscriptions }: TopicParts) {
    this.path = path;
    this.intake = new Intake({
      path,
      sendable: true,
      requiresSession: false,
      duplicateDetectionWindowMs,
      deadlines,
      nextSequenceNumber,
      enqueue: (content: MessageContent) => {
        for (const subscription of subscriptions) subscription.enqueue(content);
        return nextSequenceNumber();
      },
    });
  }
}
