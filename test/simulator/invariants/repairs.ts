import { isSettled } from '../../../domain/remediation/job.ts';
import type { Simulation } from '../simulation.ts';
import { jobRows } from './job-rows.ts';
import { instant, storedFindings } from './stored.ts';

const hour = 3_600_000;
/** From how a job ended to what its verification finds. */
const verifiedWithin = 2 * hour;
/** A job of which nothing is heard is over when it expires; the next night looks. */
const nightAfter = 25 * hour;

/** No finding is taken for being mended longer than its job lasts, and each job that was sent is one that a finding asked for. */
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
    else if (isSettled(row.state) && now > row.writtenAt + verifiedWithin)
      violations.add(`${id} is remediating, and job ${repair.jobId} is ${row.state} since ${instant(row.writtenAt)}`);
    else if (now > repair.expiresAt + nightAfter)
      violations.add(`${id} is remediating, and job ${repair.jobId} expired at ${instant(repair.expiresAt)}`);
  }
  for (const { finding, transition, at } of witness.transitions) {
    if (transition.after.state !== 'remediating' || finding.repair === null) continue;
    if (finding.repair.expiresAt > at + nightAfter)
      violations.add(`${finding.id} may be remediating until ${instant(finding.repair.expiresAt)}: told ${instant(at)}`);
  }
}
