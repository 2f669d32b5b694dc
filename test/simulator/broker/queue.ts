/** What was sent; the body as text, as it travels. */
export interface SimulatedMessage {
  readonly messageId: string;
  readonly sessionId: string | null;
  readonly body: string;
  readonly applicationProperties: Readonly<Record<string, unknown>>;
}

export interface Delivery {
  readonly message: SimulatedMessage;
  /** Deliveries of it that failed before. */
  readonly failedBefore: number;
  complete(): void;
  /** Ready again at once, or with the dead letters after too many failures. */
  readonly abandon: () => void;
}

/** Remembers the ids of messages for a while. */
export interface IdMemory {
  /** True the first time. */
  admits(messageId: string, now: number): boolean;
}

export interface SimulatedQueue {
  send(message: SimulatedMessage, dueAt: number): void;
  /** Locks the next one; null where none is ready, or every ready one's session is held. */
  receive(): Delivery | null;
  /** Calls `listener` when something became ready. */
  onReady(listener: () => void): void;
  readonly deadLetters: readonly SimulatedMessage[];
  /** Ready ones, as they are. */
  readonly waiting: () => readonly SimulatedMessage[];
  /** Ready, locked and scheduled ones. */
  readonly size: () => number;
}

export interface QueueParts {
  readonly now: () => number;
  readonly at: (time: number, what: () => void) => void;
  readonly memory: IdMemory | null;
  readonly hasSessions: boolean;
  readonly timeToLiveMs: number;
  readonly maxDeliveryCount: number;
  /** Which of so many ready ones comes next: no order is promised. */
  readonly choose: (count: number) => number;
}

interface Waiting {
  readonly message: SimulatedMessage;
  readonly enqueuedAt: number;
  failed: number;
}

/** A queue or a subscription: duplicates are dropped when they are sent, scheduled ones too, as the service does. */
export function createSimulatedQueue({
  now,
  at,
  memory,
  hasSessions,
  timeToLiveMs,
  maxDeliveryCount,
  choose,
}: QueueParts): SimulatedQueue {
  const ready: Waiting[] = [];
  const held = new Set<string>();
  const deadLetters: SimulatedMessage[] = [];
  const listeners: (() => void)[] = [];
  let away = 0;

  function makeReady(waiting: Waiting): void {
    ready.push(waiting);
    for (const listener of listeners) listener();
  }

  function release({ message: { sessionId } }: Waiting): void {
    away -= 1;
    if (!hasSessions || sessionId === null) return;
    held.delete(sessionId);
    for (const listener of listeners) listener();
  }

  function isFree({ message: { sessionId } }: Waiting): boolean {
    return !hasSessions || sessionId === null || !held.has(sessionId);
  }

  return {
    deadLetters,
    waiting: () => ready.map(({ message }) => message),
    size: () => ready.length + away,
    onReady: (listener) => void listeners.push(listener),
    send(message, dueAt) {
      if (hasSessions && message.sessionId === null)
        throw new RangeError('A message for a queue with sessions has none');
      if (memory?.admits(message.messageId, now()) === false) return;
      if (dueAt <= now()) {
        makeReady({ message, enqueuedAt: now(), failed: 0 });
        return;
      }
      away += 1;
      at(dueAt, () => {
        away -= 1;
        makeReady({ message, enqueuedAt: dueAt, failed: 0 });
      });
    },
    receive() {
      while (ready[0] !== undefined && now() - ready[0].enqueuedAt >= timeToLiveMs) ready.shift();
      const free = ready.filter(isFree);
      const waiting = free[choose(free.length)];
      if (waiting === undefined) return null;
      ready.splice(ready.indexOf(waiting), 1);
      const { message, failed } = waiting;
      away += 1;
      if (hasSessions && message.sessionId !== null) held.add(message.sessionId);
      let isLocked = true;
      const unlock = (then: () => void): void => {
        if (!isLocked) return;
        isLocked = false;
        release(waiting);
        then();
      };
      return {
        message,
        failedBefore: failed,
        complete: () => {
          unlock(() => undefined);
        },
        abandon: () => {
          unlock(() => {
            waiting.failed += 1;
            if (waiting.failed >= maxDeliveryCount) deadLetters.push(message);
            else makeReady(waiting);
          });
        },
      };
    },
  };
}
