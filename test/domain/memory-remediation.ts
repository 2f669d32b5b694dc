import type { Approval, ApprovalStore } from '../../domain/remediation/approval.ts';
import type { CallOff } from '../../domain/remediation/call-off.ts';
import { type BrakeState, type BrakeStore, noBrakes } from '../../domain/remediation/brakes.ts';

/** Table `approvals` in memory: the first decision stands, and brakes are written under an ETag. */
export interface MemoryRemediation {
  readonly approvals: ApprovalStore;
  readonly brakes: BrakeStore;
  /** All brakes as they are. */
  braked(): BrakeState;
}

export function createMemoryRemediation(): MemoryRemediation {
  const decisions = new Map<string, Approval>();
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
