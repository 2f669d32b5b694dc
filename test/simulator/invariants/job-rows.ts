import { taskPartition } from '../../../infra/azure/tables/job-store.ts';
import { unpackJson } from '../../../infra/azure/tables/json-properties.ts';
import type { JobReport } from '../../../domain/audit/ports.ts';
import type { JobProgress } from '../../../domain/remediation/job-progress.ts';
import type { JobState, RemediationJob } from '../../../domain/remediation/job.ts';
import type { Simulation } from '../simulation.ts';

export interface JobRow {
  readonly job: RemediationJob;
  readonly state: JobState;
  /** Epoch milliseconds. */
  readonly writtenAt: number;
  /** When whoever ended it says that it did; null: it has not ended, or nobody took it. */
  readonly endedAt: number | null;
  /** Whether its row tells of a write. */
  readonly tellsOfWrite: boolean;
  /** Whether it was about to write, and found in effect what it wanted: nobody knows whose doing that is. */
  readonly isWriteUnsure: boolean;
}

/** All jobs as they are stored now. */
export function jobRows({ store }: Pick<Simulation, 'store'>): readonly JobRow[] {
  return store.jobs
    .page({}, Infinity, null)
    .filter(({ partitionKey }) => partitionKey !== taskPartition)
    .map(({ properties, writtenAt }) => rowOf(properties, writtenAt));
}

function rowOf(properties: Readonly<Record<string, unknown>>, writtenAt: number): JobRow {
  const report = unpackJson('report', properties) as JobReport | null;
  const progress = 'progress' in properties ? (unpackJson('progress', properties) as JobProgress) : null;
  return {
    job: unpackJson('body', properties) as RemediationJob,
    state: properties['state'] as JobState,
    writtenAt,
    endedAt: report?.at ?? null,
    tellsOfWrite: progress !== null && progress.write !== null,
    isWriteUnsure: progress !== null && progress.write !== null && progress.write.takenAt === null,
  };
}

/** The job whose turn it is to make this call, of two the one whose row was written last; null where none has it. */
export function jobOfCall(
  simulation: Pick<Simulation, 'store'>,
  { method, url, body }: { readonly method: string; readonly url: string; readonly body: unknown },
): RemediationJob | null {
  const wanted = JSON.stringify([method, url, body]);
  const rows = jobRows(simulation).filter(
    ({ job, state }) =>
      state === 'running' &&
      job.plan.calls.some((call) => JSON.stringify([call.method, call.url, call.body]) === wanted),
  );
  // Whoever is about to write keeps that first.
  return rows.sort((a, b) => b.writtenAt - a.writtenAt)[0]?.job ?? null;
}
