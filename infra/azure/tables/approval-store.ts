import { z } from 'zod';
import type { Approval, ApprovalStore } from '../../../domain/remediation/approval.ts';
import type { CallOff } from '../../../domain/remediation/call-off.ts';
import { packJson, StoredJsonUnreadable, unpackJson } from './json-properties.ts';
import { keyPart, padded } from './keys.ts';
import type { Table } from './table.ts';

const ApprovalJson = z.object({
  jobId: z.string(),
  attempt: z.int(),
  planDigest: z.string(),
  decision: z.enum(['approved', 'rejected']),
  by: z.string().min(1),
  at: z.number(),
  expiresAt: z.number(),
  note: z.string().nullable(),
}) satisfies z.ZodType<Approval>;

const CallOffJson = z.object({
  jobId: z.string(),
  attempt: z.int(),
  by: z.string().min(1),
  at: z.number(),
  note: z.string().nullable(),
}) satisfies z.ZodType<CallOff>;

/**
 * Table `approvals`: partition = job id, row = attempt. The first decision on an attempt stands; that it was called off is a
 * row of its own beside it, which stands as well.
 */
export function createApprovalStore(table: Table): ApprovalStore {
  return {
    async find(jobId, attempt) {
      const row = await table.get(keyPart(jobId), padded(attempt));
      if (row === null) return null;
      const read = ApprovalJson.safeParse(unpackJson('body', row.properties));
      if (read.success && read.data.jobId === jobId && read.data.attempt === attempt) return read.data;
      throw new StoredJsonUnreadable(
        `The approval of job ${jobId}, attempt ${String(attempt)}, in table approvals is not what was written; requeue the job and have it approved anew`,
      );
    },
    async calledOff(jobId, attempt) {
      const row = await table.get(keyPart(jobId), calledOffKey(attempt));
      if (row === null) return null;
      const read = CallOffJson.safeParse(unpackJson('body', row.properties));
      if (read.success && read.data.jobId === jobId && read.data.attempt === attempt) return read.data;
      throw new StoredJsonUnreadable(
        `That job ${jobId}, attempt ${String(attempt)}, was called off is in table approvals, and not as it was written; the job is not carried out, so requeue it if it is wanted`,
      );
    },
    callOff: (callOff) =>
      table.insert({
        partitionKey: keyPart(callOff.jobId),
        rowKey: calledOffKey(callOff.attempt),
        at: new Date(callOff.at),
        ...packJson('body', callOff),
      }),
    decide: (approval) =>
      table.insert({
        partitionKey: keyPart(approval.jobId),
        rowKey: padded(approval.attempt),
        decision: approval.decision,
        at: new Date(approval.at),
        ...packJson('body', approval),
      }),
  };
}

function calledOffKey(attempt: number): string {
  return `${padded(attempt)}~called-off`;
}
