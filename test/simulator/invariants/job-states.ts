import type { Simulation } from '../simulation.ts';
import { jobRows } from './job-rows.ts';

/** What a consumer says sets no state: a job is done only where its row tells of a write, and by a job that had its turn. */
export function jobStates(simulation: Simulation): void {
  const { violations, hasIdleConsumer, written } = simulation;
  const rows = jobRows(simulation);
  const unsure = new Set(rows.flatMap(({ job, isWriteUnsure }) => (isWriteUnsure ? (job.undoOf ?? []) : [])));
  const states = new Map(rows.map(({ job, state }) => [job.jobId, state]));
  for (const { job, state, tellsOfWrite } of rows) {
    if (state === 'done' && job.undoOf !== undefined && states.get(job.undoOf) !== 'undone')
      violations.add(`Job ${job.undoOf} is ${String(states.get(job.undoOf))}, and job ${job.jobId} has taken it back`);
    if ((state === 'done' || state === 'undone') && !tellsOfWrite)
      violations.add(`Job ${job.jobId} is ${state}, and its row tells of no write`);
    if (state === 'undone' && !unsure.has(job.jobId) && !written.some((one) => one.job.undoOf === job.jobId))
      violations.add(`Job ${job.jobId} is undone, and nothing was written to take it back`);
    if (hasIdleConsumer && !untouched.has(state))
      violations.add(`Job ${job.jobId} is ${state} although nobody carries out jobs`);
  }
  if (hasIdleConsumer && written.length > 0) violations.add('Written although nobody carries out jobs');
}

/** As a job is planned, decided on or given up by whoever does not carry it out. */
const untouched: ReadonlySet<string> = new Set(['awaiting-approval', 'queued', 'withdrawn', 'refused']);
