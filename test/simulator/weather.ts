import type { Random } from './random.ts';

/** How rough it is. Probabilities are for one call through a port; times are epoch milliseconds. */
export interface Weather {
  /** Nothing goes wrong any more. */
  calm: boolean;
  /** Since when; epoch milliseconds. */
  calmSince: number;
  readonly crashBefore: number;
  readonly crashAfter: number;
  readonly failBefore: number;
  readonly failAfter: number;
  readonly late: number;
  /** A reading of Azure that is throttled, or comes with pages missing. */
  readonly gap: number;
  /** An event that comes twice, and one that comes hours late. */
  readonly twice: number;
  readonly hoursLate: number;
  /** The last delivery of a message, which mostly meets with nothing. */
  readonly lastStruck: number;
  /** Until when it cannot be reached. */
  readonly down: Record<Part, number>;
  /** What takes effect all the same while it cannot be reached: only its answers are lost. */
  readonly mute: Set<Part>;
}

/** How far a clock may be from the true time: two of them lie up to two minutes apart. Milliseconds. */
export const longestSkew = 60_000;

export type Part = 'store' | 'broker' | 'receiver';

/** What a call does to the world: what only looks is struck less often, for it is most of all calls. What cannot be undone is struck most. */
export type Weight = 'reads' | 'writes' | 'acts';

export const weightOf: Readonly<Record<Weight, number>> = { reads: 1, writes: 6, acts: 40 };

/** Each seed has its own weather: some are rough in everything, some in one thing only, some not at all. */
export function createWeather(random: Random): Weather {
  const rough = (most: number): number => most * random.pick([0, 0.2, 0.5, 1, 2]);
  return {
    calm: false,
    calmSince: Infinity,
    crashBefore: rough(0.0006),
    crashAfter: rough(0.0006),
    failBefore: rough(0.001),
    failAfter: rough(0.002),
    late: rough(0.06),
    gap: rough(0.02),
    twice: rough(0.3),
    hoursLate: rough(0.2),
    lastStruck: random.pick([0, 0, 0, 0, 0, 0.5, 1]),
    down: { store: 0, broker: 0, receiver: 0 },
    mute: new Set(),
  };
}
