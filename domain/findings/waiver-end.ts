const dayMs = 24 * 3_600_000;

/**
 * An instant from what a person gives as the end of a waiver: a day (`2027-02-28`, in UTC) means its end, so that the
 * waiver holds all of that day; an instant in ISO 8601 with its offset means itself.
 * @returns epoch milliseconds; null for what is neither, or is no day of the calendar.
 */
export function waiverEnd(text: string): number | null {
  const day = dayOf(text);
  return day === null ? instantOf(text) : day + dayMs;
}

/** The same for the beginning: a day means its first instant. */
export function waiverStart(text: string): number | null {
  return dayOf(text) ?? instantOf(text);
}

/** The first instant of a day in UTC; null for what is not written as a day, or is none (30 February). */
function dayOf(text: string): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return null;
  const [year = 0, month = 0, day = 0] = parts.slice(1).map(Number);
  const time = Date.UTC(year, month - 1, day);
  const made = new Date(time);
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day ? time : null;
}

/** `Date.parse` takes 30 February for 2 March, so the day is looked at on its own. */
function instantOf(text: string): number | null {
  const parts = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/.exec(text);
  if (parts === null || dayOf(parts[1] ?? '') === null) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

/** The first instant that is too late: the waiver's last day may be at most so many days after its first. */
export function latestEnd(from: number, days: number): number {
  return Math.floor(from / dayMs) * dayMs + (days + 1) * dayMs;
}

/** An instant as its day in UTC, `2027-02-28`; for an end, that of the last instant before it. */
export function dayText(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
