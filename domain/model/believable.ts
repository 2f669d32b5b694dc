/** How far the clocks of two instances may lie apart. */
const toleranceMs = 3_600_000;

/**
 * Whether a time that somebody stored may be right. One more than an hour ahead was written by a clock that was wrong: taken
 * at its word, it would outrank every true reading until that time comes.
 * @param now epoch milliseconds, as `storedAt`.
 */
export function isBelievable(storedAt: number, now: number): boolean {
  return storedAt - now <= toleranceMs;
}
