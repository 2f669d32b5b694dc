import type { Simulation } from '../simulation.ts';
import { jobRows } from './job-rows.ts';
import { instant, storedFindings } from './stored.ts';

const hour = 3_600_000;
/** A job of which nothing is heard is over when it expires; the next night looks. */
const nightAfter = 25 * hour;

/** No finding is taken for being mended longer than its job lasts, and by a job that there is. */
export function repairs(simulation: Simulation): void {
  const { timeline, violations, witness } = simulation;
  const now = timeline.now();
  const jobs = new Map(jobRows(simulation).map((row) => [row.job.jobId, row]));
  for (const [id, { state, repair }] of storedFindings(simulation)) {
    if (state !== 'remediating') continue;
    const row = repair === null ? undefined : jobs.get(repair.jobId);
    if (repair === null || row === undefined) violations.add(`${id} is remediating, and there is no job`);
    else if (repair.expiresAt !== row.job.expiresAt)
      violations.add(`${id} waits for job ${repair.jobId} until ${instant(repair.expiresAt)}, which expires otherwise`);
    else if (now > repair.expiresAt + nightAfter)
      violations.add(`${id} is remediating, and job ${repair.jobId} expired at ${instant(repair.expiresAt)}`);
  }
  for (const { finding, transition, at } of witness.transitions) {
    if (transition.after.state !== 'remediating' || finding.repair === null) continue;
    if (finding.repair.expiresAt > at + nightAfter)
      violations.add(
        `${finding.id} may be remediating until ${instant(finding.repair.expiresAt)}: told ${instant(at)}`,
      );
  }
}

/** Whether nothing waits for a job any more that had ended at that time. @returns what does, null: nothing */
export function repairIsOver(simulation: Simulation, jobId: string, endedAt: number): string | null {
  const { forbidden, regainedAt } = simulation.tenant;
  // Its verification may not have been able to see anything.
  if (forbidden.size > 0 || [...regainedAt.values()].some((at) => at > endedAt)) return null;
  const [waiting] = [...storedFindings(simulation)].filter(
    ([, { state, repair }]) => state === 'remediating' && repair?.jobId === jobId,
  );
  return waiting === undefined
    ? null
    : `${waiting[0]} is remediating, and job ${jobId} is over since ${instant(endedAt)}`;
}
