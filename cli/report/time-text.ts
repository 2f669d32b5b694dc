import { isoTime } from '../../infra/documents/iso-time.ts';

/** An instant in UTC to the second, `2027-02-28T18:00:00Z`; `-` for what is none. @param at epoch milliseconds */
export function timeText(at: number | null): string {
  return isoTime(at)?.replace(/\.\d+Z$/u, 'Z') ?? '-';
}

/** A length of time as people say it: `0.4 s`, `12 s`, `3 min`, `5 h`, `2 d`. @param milliseconds */
export function durationText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${String(Math.round(seconds * 10) / 10)} s`;
  if (seconds < 120) return `${String(Math.round(seconds))} s`;
  if (seconds < 7200) return `${String(Math.round(seconds / 60))} min`;
  if (seconds < 48 * 3600) return `${String(Math.round(seconds / 3600))} h`;
  return `${String(Math.round(seconds / 86_400))} d`;
}
