import { z } from 'zod';
import type { JobRequest, JobRequests } from '../../../domain/remediation/job-request.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { keyPart } from './keys.ts';
import type { Table } from './table.ts';

const partitionKey = 'request';

const RequestJson = z.object({
  jobId: z.string(),
  undoOf: z.string().nullable(),
  by: z.string(),
  at: z.number(),
  expiresAt: z.number(),
}) satisfies z.ZodType<JobRequest>;

/** Table `approvals`, partition `request`: row = job id. The first request for a job stands. */
export function createJobRequests(table: Table): JobRequests {
  async function find(jobId: string): Promise<JobRequest | null> {
    const row = await table.get(partitionKey, keyPart(jobId));
    return row === null ? null : RequestJson.parse(unpackJson('body', row.properties));
  }

  return {
    find,
    async keep(request) {
      const entity = { partitionKey, rowKey: keyPart(request.jobId), by: request.by, at: new Date(request.at) };
      await table.insert({ ...entity, ...packJson('body', request) });
      return (await find(request.jobId)) ?? request;
    },
  };
}
