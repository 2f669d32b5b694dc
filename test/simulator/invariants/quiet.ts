import type { QuietHours } from '../../../domain/model/settings.ts';

const minute = 60_000;
const dayMinutes = 24 * 60;

/** Whether a time lies in quiet hours, which may go over midnight. */
export function isQuiet(quietHours: readonly QuietHours[], time: number): boolean {
  const at = Math.floor(time / minute) % dayMinutes;
  return quietHours.some(({ from, to }) =>
    from < to ? at >= from && at < to : from !== to && (at >= from || at < to),
  );
}
