import type { Many } from './processes.ts';

/** What a run of many seeds came to. */
export interface Ran extends Many {
  /** Seeds that were simulated to their end. */
  readonly done: ReadonlySet<number>;
  /** How many of those did not hold. */
  readonly failed: number;
  readonly processes: number;
  /** Whether each process did all that it was asked to. */
  readonly areWhole: boolean;
}

/**
 * The last lines of a run, and whether it is clean. A process that dies takes the seeds with it that it had left: the first
 * of them is the one under which it died, and what replays it is told.
 */
export function verdict({ seeds, from, fault, done, failed, processes, areWhole }: Ran): {
  readonly isClean: boolean;
  readonly lines: readonly string[];
} {
  const all = Array.from({ length: seeds }, (_, index) => from + index);
  const missing = all.filter((seed) => !done.has(seed));
  const isClean = failed === 0 && missing.length === 0 && areWhole;
  if (isClean) return { isClean, lines: ['Everything held under every seed.'] };
  // Process number p takes the seeds from + p, from + p + processes, and so on, in this order.
  const firsts = new Map(missing.toReversed().map((seed) => [(seed - from) % processes, seed]));
  const broken = [...firsts.values()].sort((a, b) => a - b);
  return {
    isClean,
    lines: [
      ...broken.map((seed) => `${replayOf(seed, fault)}: its process ended before it did`),
      ...(missing.length === 0 ? [] : [`${counted(missing.length)} of ${String(seeds)} not simulated to the end.`]),
      ...(failed === 0 ? [] : [`Under ${counted(failed)} something did not hold.`]),
      ...(areWhole || missing.length > 0 ? [] : ['A process ended with an error after its last seed.']),
    ],
  };
}

/** The one command that replays a seed. */
export function replayOf(seed: number, fault: Many['fault']): string {
  return `npm run simulate -- --seed ${String(seed)}${fault === null ? '' : ` --fault ${fault}`}`;
}

function counted(seeds: number): string {
  return seeds === 1 ? '1 seed' : `${String(seeds)} seeds`;
}
