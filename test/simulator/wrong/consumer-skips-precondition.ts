import type { Wrong } from './wrong.ts';

/** Writes what was planned without looking whether it is still to be done. */
export function consumerSkipsPrecondition(): Wrong {
  return {
    parts: (parts) => ({
      ...parts,
      executor: { ...parts.executor, check: () => Promise.resolve({ holds: true, found: null }) },
    }),
  };
}
