import { Cron } from 'croner';
import { UnsupportedBindingError } from './errors.ts';

/** `*`, `5`, `1-5`, `MON-FRI`, each with an optional `/step`, in a list: all that NCRONTAB knows. */
const NCRONTAB_FIELD =
  /^(?:\*|[a-z]{3}|\d+)(?:-(?:[a-z]{3}|\d+))?(?:\/\d+)?(?:,(?:\*|[a-z]{3}|\d+)(?:-(?:[a-z]{3}|\d+))?(?:\/\d+)?)*$/i;

export interface TimerSchedule {
  /** The first occurrence strictly after the given time; undefined when there is none. */
  next(after: Date): Date | undefined;
}

/**
 * Reads an NCRONTAB expression `{second} {minute} {hour} {day} {month} {day of week}`, in UTC; with five fields the second is 0.
 * Day and day of week must both hold, unlike in Unix cron: https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer
 * @throws UnsupportedBindingError
 */
export function parseTimerSchedule(functionName: string, expression: string): TimerSchedule {
  const fields = expression.trim().split(/\s+/);
  const refuse = (): never => {
    throw new UnsupportedBindingError(
      functionName,
      `its schedule "${expression}" is not an NCRONTAB expression of six fields, such as "0 0 2 * * *".`,
    );
  };
  // The parser below also takes signs of other dialects (L, W, #, @daily), which Azure would refuse.
  if (fields.length < 5 || fields.length > 6 || !fields.every((field) => NCRONTAB_FIELD.test(field))) return refuse();
  try {
    const cron = new Cron(fields.join(' '), { timezone: 'UTC', mode: '5-or-6-parts', domAndDow: true, paused: true });
    return { next: (after) => cron.nextRun(after) ?? undefined };
  } catch {
    return refuse();
  }
}
