import type { Reason } from './effect.ts';

/**
 * How many of those who mount a share one condition lets through to the demand. `users`: groups or named users;
 * `some`: by role, place, device, platform or risk; `few`: guests, or clients classed as `other`.
 */
export type Reach = 'all' | 'users' | 'some' | 'few' | 'none' | 'undecided';

/** One row's answer. */
export interface Reading {
  readonly reach: Reach;
  readonly reason: Reason;
}

export function reading(reach: Reach, row: number, words: string): Reading {
  return { reach, reason: { row, words } };
}

const narrowest = ['none', 'undecided', 'few', 'some', 'users', 'all'] as const satisfies readonly Reach[];

/**
 * Conditions are ANDed: one that nobody meets ends it, then one that is not understood leaves it open, then the
 * narrowest counts.
 */
export function narrowestOf(reaches: readonly Reach[]): Reach {
  return narrowest.find((reach) => reaches.includes(reach)) ?? 'all';
}
