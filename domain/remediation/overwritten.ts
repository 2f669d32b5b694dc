import type { Json } from '../model/verdict.ts';
import type { PlannedCall } from './plan.ts';

/**
 * Whether a write replaced a change of the same value that somebody made after the last read before it: the read after it
 * cannot tell, since it shows what was written. Times are epoch milliseconds.
 */
export type Overwritten =
  /** The records of Entra come minutes late, and are looked at then. */
  | { readonly state: 'pending'; readonly lookAt: number; readonly looks: number }
  /** The record of the write says that it replaced what was read, or nobody else is in the records. */
  | { readonly state: 'none'; readonly at: number }
  | {
      readonly state: 'found';
      readonly at: number;
      /** By JSON pointer: what was written, and what that replaced, which nobody had read. */
      readonly wanted: Readonly<Record<string, Json>>;
      readonly found: Readonly<Record<string, Json>>;
      /** Object id of whoever had written it; null where no record names one. */
      readonly by: string | null;
    }
  | { readonly state: 'unknown'; readonly at: number; readonly why: string };

const minute = 60_000;
/** Pauses before the first look at the records, and after each that did not tell. */
const pausesMs = [10 * minute, 20 * minute, 60 * minute];

/** When the records are looked at next, after so many looks; null: no more. */
export function nextLook(looks: number, now: number): Overwritten | null {
  const pause = pausesMs[looks];
  return pause === undefined ? null : { state: 'pending', lookAt: now + pause, looks };
}

/** What is known right after a write that the read after it shows; undefined for one that replaces nothing. */
export function overwrittenBy({ method, url }: PlannedCall, now: number): Overwritten | undefined {
  if (method === 'POST') return undefined;
  if (method === 'PUT' || url.startsWith('/subscriptions/')) {
    return { state: 'unknown', at: now, why: 'Azure keeps no record of what the settings of a file service were' };
  }
  if (method === 'DELETE') {
    return { state: 'unknown', at: now, why: 'The record of a deletion does not say what was deleted' };
  }
  return nextLook(0, now) ?? undefined;
}
