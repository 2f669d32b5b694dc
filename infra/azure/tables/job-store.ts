import { odata } from '@azure/data-tables';
import type { JobReport, JobStore } from '../../../domain/audit/ports.ts';
import type { JobProgress } from '../../../domain/remediation/job-progress.ts';
import type { JobState, RemediationJob } from '../../../domain/remediation/job.ts';
import type { Entity } from './entity.ts';
import { packJson } from './json-properties.ts';
import { keyPart } from './keys.ts';
import { jobIn, storedJob } from './stored-job.ts';
import type { Table } from './table.ts';

/** The partition of the manual tasks, in the same table; no job id begins with it. */
export const taskPartition = 'task';
/** All rows that are jobs. */
export const jobRows = odata`PartitionKey ne ${taskPartition}`;

/** Table `jobs`: row = job id, partition = its first two characters. */
export function createJobStore(table: Table): JobStore {
  return {
    async insert(job) {
      await table.insert(entityOf(job, job.approvalRequired ? 'awaiting-approval' : 'queued', null, null));
    },
    async find(jobId) {
      const row = await table.get(partitionOf(jobId), jobId);
      return row === null ? null : storedJob(row);
    },
    async move({ job, version, progress: before = null }, state, report, progress = before) {
      const moved = await table.replace(entityOf(job, state, report, progress), version);
      return moved === null ? null : { job, state, report, progress, version: moved };
    },
    async *list(state) {
      const range = { where: state === undefined ? jobRows : odata`state eq ${state}` };
      for await (const row of table.rows(range)) {
        const stored = jobIn(row);
        if (stored !== null) yield stored;
      }
    },
    async malformed() {
      const ids: string[] = [];
      for await (const row of table.rows({ where: jobRows })) if (jobIn(row) === null) ids.push(row.rowKey);
      return ids;
    },
  };
}

function partitionOf(jobId: string): string {
  return keyPart(jobId).slice(0, 2);
}

function entityOf(
  job: RemediationJob,
  state: JobState,
  report: JobReport | null,
  progress: JobProgress | null,
): Entity {
  return {
    partitionKey: partitionOf(job.jobId),
    rowKey: job.jobId,
    state,
    rule: job.rule,
    action: job.plan.action,
    ...packJson('body', job),
    ...packJson('report', report),
    ...(progress === null ? {} : packJson('progress', progress)),
  };
}
