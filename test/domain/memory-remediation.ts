import type { Approval, ApprovalStore } from '../../domain/remediation/approval.ts';
import type { JobRequest, JobRequests } from '../../domain/remediation/job-request.ts';
import type { LatestWrite, WriteRecord, WriteRecords } from '../../domain/remediation/write-record.ts';
import type { CallOff } from '../../domain/remediation/call-off.ts';
import { type BrakeState, type BrakeStore, noBrakes } from '../../domain/remediation/brakes.ts';

/** Table `approvals` in memory: the first decision stands, and brakes are written under an ETag. */
export interface MemoryRemediation {
  readonly approvals: ApprovalStore;
  readonly brakes: BrakeStore;
  readonly requests: JobRequests;
  readonly records: WriteRecords;
  /** All brakes as they are. */
  braked(): BrakeState;
}

export function createMemoryRemediation(): MemoryRemediation {
  const decisions = new Map<string, Approval>();
  const requests = new Map<string, JobRequest>();
  const records = new Map<string, { readonly record: WriteRecord; readonly version: string }>();
  const latest = new Map<string, LatestWrite>();
  const callOffs = new Map<string, CallOff>();
  let state: BrakeState = noBrakes;
  let version = 0;
  const keyOf = (jobId: string, attempt: number): string => `${jobId}#${String(attempt)}`;
  return {
    braked: () => state,
    approvals: {
      find: (jobId, attempt) => Promise.resolve(decisions.get(keyOf(jobId, attempt)) ?? null),
      decide: (approval) => {
        const key = keyOf(approval.jobId, approval.attempt);
        if (decisions.has(key)) return Promise.resolve(false);
        decisions.set(key, approval);
        return Promise.resolve(true);
      },
      calledOff: (jobId, attempt) => Promise.resolve(callOffs.get(keyOf(jobId, attempt)) ?? null),
      callOff: (callOff) => {
        const key = keyOf(callOff.jobId, callOff.attempt);
        if (callOffs.has(key)) return Promise.resolve(false);
        callOffs.set(key, callOff);
        return Promise.resolve(true);
      },
    },
    requests: {
      find: (jobId) => Promise.resolve(requests.get(jobId) ?? null),
      keep: (request) => {
        const kept = requests.get(request.jobId) ?? request;
        requests.set(request.jobId, kept);
        return Promise.resolve(kept);
      },
    },
    records: {
      find: (jobId) => Promise.resolve(records.get(jobId) ?? null),
      replace: (record, seen) => {
        const before = records.get(record.jobId)?.version ?? null;
        if (before !== seen) return Promise.resolve(false);
        records.set(record.jobId, { record: structuredClone(record), version: String(Number(before ?? 0) + 1) });
        return Promise.resolve(true);
      },
      latest: (action, targetId) => Promise.resolve(latest.get(`${action}|${targetId.toLowerCase()}`) ?? null),
      setLatest: (action, targetId, write) => {
        latest.set(`${action}|${targetId.toLowerCase()}`, write);
        return Promise.resolve();
      },
    },
    brakes: {
      read: () => Promise.resolve({ state, version: version === 0 ? null : String(version) }),
      replace: (next, seen) => {
        if (seen !== (version === 0 ? null : String(version))) return Promise.resolve(false);
        state = next;
        version += 1;
        return Promise.resolve(true);
      },
    },
  };
}
