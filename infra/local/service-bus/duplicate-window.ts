/** Remembers message ids for a while, as duplicate detection does: a repeated id is accepted and dropped. */
export class DuplicateWindow {
  readonly #windowMs: number;
  readonly #seenAt = new Map<string, number>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** True the first time an id is seen within the window. A repeat does not lengthen the window. */
  admits(messageId: string, now: number): boolean {
    this.#forget(now);
    if (this.#seenAt.has(messageId)) return false;
    this.#seenAt.set(messageId, now);
    return true;
  }

  /** Insertion order is time order, so the oldest ids come first. */
  #forget(now: number): void {
    for (const [messageId, seenAt] of this.#seenAt) {
      if (seenAt + this.#windowMs > now) return;
      this.#seenAt.delete(messageId);
    }
  }
}
