import type { Simulation } from '../simulation.ts';

/** A run is finished once, whichever of its shards was last. */
export function runs({ witness, violations }: Simulation): void {
  const finished = new Set<string>();
  for (const { id } of witness.finishedRuns) {
    if (finished.has(id)) violations.add(`Run ${id} was finished twice`);
    finished.add(id);
  }
}
