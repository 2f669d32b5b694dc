import { MinHeap } from './min-heap.ts';

interface Entry {
  readonly dueAt: number;
  action: (() => void) | undefined;
}

/** A moment something is due; `cancel` when it no longer is. */
export interface Deadline {
  cancel(): void;
}

/** Cancelled entries are swept once there are more of them than this and than live ones. */
const sweepAbove = 1_000;

/**
 * Everything in the broker that happens because time passed: lock expiry, time to live, scheduled messages.
 * It owns no timer. Whoever owns one asks `nextAt` and calls `run`; tests move their own clock.
 */
export class Deadlines {
  readonly #clock: () => number;
  readonly #entries = new MinHeap<Entry>((entry) => entry.dueAt);
  #cancelled = 0;
  #onEarlier: (() => void) | undefined;

  /** @param clock milliseconds since the epoch */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock();
  }

  /** When the earliest deadline is due, in the clock's milliseconds. */
  nextAt(): number | undefined {
    this.#dropCancelledHead();
    return this.#entries.peek()?.dueAt;
  }

  /** Calls `listener` whenever a new deadline becomes the earliest one, so a timer can be set anew. */
  onEarlier(listener: () => void): void {
    this.#onEarlier = listener;
  }

  at(dueAt: number, action: () => void): Deadline {
    const before = this.nextAt();
    const entry: Entry = { dueAt, action };
    this.#entries.push(entry);
    if (before === undefined || dueAt < before) this.#onEarlier?.();
    return {
      cancel: () => {
        if (entry.action === undefined) return;
        entry.action = undefined;
        this.#cancelled += 1;
        this.#sweep();
      },
    };
  }

  /** Carries out everything due by now, earliest first. */
  run(): void {
    for (let next = this.#entries.peek(); next !== undefined; next = this.#entries.peek()) {
      if (next.action !== undefined && next.dueAt > this.now()) return;
      this.#entries.pop();
      const { action } = next;
      next.action = undefined;
      if (action === undefined) this.#cancelled -= 1;
      else action();
    }
  }

  #dropCancelledHead(): void {
    while (this.#cancelled > 0 && this.#entries.peek()?.action === undefined) {
      this.#entries.pop();
      this.#cancelled -= 1;
    }
  }

  #sweep(): void {
    if (this.#cancelled <= sweepAbove || this.#cancelled * 2 <= this.#entries.size) return;
    this.#entries.retain((entry) => entry.action !== undefined);
    this.#cancelled = 0;
  }
}
