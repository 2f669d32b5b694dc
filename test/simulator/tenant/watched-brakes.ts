import type { BrakeState, BrakeStore } from '../../../domain/remediation/brakes.ts';

/** The brakes of one invocation, which remember what they showed last. */
export interface WatchedBrakes {
  readonly store: BrakeStore;
  /** What they showed when they were last asked; null: they were not, since this was asked before. */
  readonly take: () => BrakeState | null;
}

export function watchedBrakes(store: BrakeStore): WatchedBrakes {
  let shown: BrakeState | null = null;
  return {
    store: {
      ...store,
      async read() {
        shown = null;
        const read = await store.read();
        shown = read.state;
        return read;
      },
    },
    take() {
      const last = shown;
      shown = null;
      return last;
    },
  };
}
