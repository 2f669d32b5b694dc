import type { Simulation } from '../simulation.ts';
import { valueAfter } from '../tenant/journal.ts';
import { jobRows } from './job-rows.ts';
import { instant } from './stored.ts';

/** Longer than what lies between the last look and the write, with the time that a change takes to be seen. */
const lastInstant = 15 * 60_000;

/**
 * An undo leaves what its job wrote as that job found it, and is not written over what somebody made of it since. What was
 * found, left and restored is told by the journal, not by the records that the undo was made from.
 */
export function undoRestores(simulation: Simulation): void {
  const { written, tenant, violations, counts } = simulation;
  const unsure = new Set(jobRows(simulation).flatMap(({ job, isWriteUnsure }) => (isWriteUnsure ? job.jobId : [])));
  for (const undo of written) {
    if (undo.job.undoOf === undefined) continue;
    counts.undone += 1;
    const done = written.findLast(({ job, step }) => job.jobId === undo.job.undoOf && step < undo.step);
    const told = `${undo.job.plan.action} of job ${undo.job.undoOf}, at ${instant(undo.at)}`;
    if (done === undefined) {
      if (!unsure.has(undo.job.undoOf)) violations.add(`Taken back although it was never written: ${told}`);
      continue;
    }
    for (const [place, left] of tenant.journal[done.step]?.changed ?? []) {
      const found = valueAfter(tenant, place, done.step - 1);
      const restored = valueAfter(tenant, place, undo.step);
      if (restored !== found)
        violations.add(`Taken back, and ${place} is ${String(restored)}, not ${String(found)}: ${told}`);
      // What was changed in the last instant is not to be seen, as before any write.
      const seen = valueAfter(tenant, place, lastStepBefore(undo.at - lastInstant, done.step));
      const now = valueAfter(tenant, place, undo.step - 1);
      if (!meansTheSame(now, left) && !meansTheSame(seen, left))
        violations.add(`Taken back although ${place} had been changed to ${String(now)} since: ${told}`);
    }
  }

  function lastStepBefore(time: number, from: number): number {
    const before = tenant.journal.findLastIndex(({ at }) => at <= time);
    return Math.max(before, from);
  }
}

/** A list of words means the same with a semicolon at its end and without. */
function meansTheSame(a: string | null, b: string | null): boolean {
  return a?.replaceAll(';"', '"') === b?.replaceAll(';"', '"');
}
