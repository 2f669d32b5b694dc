/**
 * An instant in UTC for JSON, `2027-02-28T18:00:00.000Z`; null for what is none, as a row of another version may have it.
 * @param at epoch milliseconds
 */
export function isoTime(at: number | null): string | null {
  return at !== null && Number.isFinite(at) ? new Date(at).toISOString() : null;
}
