import type { JobState, RemediationJob } from '../../../domain/remediation/job.ts';
import { unpackJson } from '../../../infra/azure/tables/json-properties.ts';
import type { Simulation } from '../simulation.ts';

/** Each job is at most once in effect, and none is left half done or forgotten. */
export function jobs({ store, tenant, timeline, violations, counts }: Simulation): void {
  for (const name of tenant.doubleGrants) {
    violations.add(`The remediator gave consent to the app of ${name} twice`);
  }
  for (const { properties } of store.jobs.page({}, Infinity, null)) {
    const job = unpackJson('body', properties) as RemediationJob;
    const state = properties['state'] as JobState;
    if (state === 'done') counts.repairs += 1;
    if (state === 'running' || (state === 'queued' && timeline.now() > job.createdAt + 3_600_000)) {
      violations.add(`Job ${job.jobId} is still ${state}`);
    }
  }
}
