const longestRetryAfterMilliseconds = 120_000;
const longestBackOffMilliseconds = 30_000;

/**
 * Milliseconds to wait before asking again, null where the service wants more patience than we have (two minutes).
 * `Retry-After` in seconds or as a date (taken against the answer's own `Date`) is honoured. Conditional Access
 * sends none with its 429 (domain facts 4): then 2, 4, 8, … s up to 30, less a random half, so that two callers part.
 *
 * @param attempt how many times was asked before, from 0
 */
export function retryDelay(
  header: (name: string) => string | null,
  attempt: number,
  random: () => number,
): number | null {
  const asked = retryAfter(header);
  if (asked !== null) return asked > longestRetryAfterMilliseconds ? null : asked;
  const whole = Math.min(longestBackOffMilliseconds, 2000 * 2 ** attempt);
  return Math.round(whole * (1 - random() / 2));
}

/** What `Retry-After` asks for, in milliseconds; null where it is not there or makes no sense. */
export function retryAfter(header: (name: string) => string | null): number | null {
  const text = header('Retry-After')?.trim() ?? '';
  if (text === '') return null;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const until = Date.parse(text) - Date.parse(header('Date') ?? '');
  return Number.isFinite(until) ? Math.max(0, until) : null;
}
