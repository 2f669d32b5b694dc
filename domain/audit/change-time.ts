import type { ChangedAtKind } from '../findings/finding.ts';

/** When something changed, epoch milliseconds; `not-before`: only that it had not changed yet then. */
export interface ChangeTime {
  readonly at: number;
  readonly is: ChangedAtKind;
}

/** How far the clock that wrote a time may be ahead of this one. */
const skewMs = 5 * 60_000;

/** The time of the oldest of several changes: known where all are. null where nothing at all is known of one. */
export function oldestChange(times: readonly (ChangeTime | null)[]): ChangeTime | null {
  const told = times.filter((time) => time !== null);
  if (told.length === 0 || told.length < times.length) return null;
  return {
    at: Math.min(...told.map(({ at }) => at)),
    is: told.every(({ is }) => is === 'known') ? 'known' : 'not-before',
  };
}

/** The time that an object tells of its own change, else the bound. @param now a time ahead of it is not believed */
export function changeTime(told: number | null, bound: number | null, now: number): ChangeTime | null {
  if (told !== null && told <= now + skewMs) return { at: told, is: 'known' };
  return bound === null ? null : { at: bound, is: 'not-before' };
}
