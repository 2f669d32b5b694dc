const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const pattern = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/;

/** The fewest days that so many calendar months in a row can have: those that hold the February of a common year. */
const fewestDays = [0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334];

/**
 * The milliseconds that an ISO 8601 duration lasts at least (`P365DT12H`, `P1Y6M`, `P53W`); null where it is none, or
 * negative. Days are 24 h. Years and months have no fixed length: a year counts as 365 days, months as the fewest days
 * they can have in a row.
 */
export function shortestLength(duration: string): number | null {
  const parts = pattern.exec(duration);
  if (parts === null || /[PT]$/.test(duration)) return null;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1)
    .map((part: string | undefined) => Number((part ?? '0').replace(',', '.')));
  const allMonths = 12 * years + months;
  const calendarDays = 365 * Math.floor(allMonths / 12) + (fewestDays[allMonths % 12] ?? 0);
  return (calendarDays + 7 * weeks + days) * day + hours * hour + minutes * minute + seconds * second;
}
