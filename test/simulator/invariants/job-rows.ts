import { taskPartition } from '../../../infra/azure/tables/job-store.ts';
import { unpackJson } from '../../../infra/azure/tables/json-properties.ts';
import type { JobState, RemediationJob } from '../../../domain/remediation/job.ts';
import type { Simulation } from '../simulation.ts';

export interface JobRow {
  readonly job: RemediationJob;
  readonly state: JobState;
  /** Epoch milliseconds. */
  readonly writtenAt: number;
}

/** All jobs as they are stored now. */
export function jobRows({ store }: Pick<Simulation, 'store'>): readonly JobRow[] {
  return store.jobs
    .page({}, Infinity, null)
    .filter(({ partitionKey }) => partitionKey !== taskPartition)
    .map(({ properties, writtenAt }) => ({
      job: unpackJson('body', properties) as RemediationJob,
      state: properties['state'] as JobState,
      writtenAt,
    }));
}

/** The job whose turn it is to make this call; null where none has it. */
export function jobOfCall(
  simulation: Pick<Simulation, 'store'>,
  { method, url, body }: { readonly method: string; readonly url: string; readonly body: unknown },
): RemediationJob | null {
  const wanted = JSON.stringify([method, url, body]);
  const row = jobRows(simulation).find(
    ({ job, state }) =>
      state === 'running' &&
      job.plan.calls.some((call) => JSON.stringify([call.method, call.url, call.body]) === wanted),
  );
  return row?.job ?? null;
}
