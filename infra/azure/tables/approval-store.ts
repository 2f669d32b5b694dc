import type { Approval, ApprovalStore } from '../../../domain/remediation/approval.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { keyPart, padded } from './keys.ts';
import type { Table } from './table.ts';

/** Table `approvals`: partition = job id, row = attempt. The first decision on an attempt stands. */
export function createApprovalStore(table: Table): ApprovalStore {
  return {
    async find(jobId, attempt) {
      const row = await table.get(keyPart(jobId), padded(attempt));
      return row === null ? null : (unpackJson('body', row.properties) as Approval);
    },
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
