import type { ChangeLog } from '../audit/drift-ports.ts';
import type { FindingStore, FreshFacts, JobStore, Messages, PlanExecutor, StoredJob } from '../audit/ports.ts';
import type { ApprovalStore } from './approval.ts';
import type { BrakeStore } from './brakes.ts';
import type { Digest, JobState } from './job.ts';
import type { JobRequests } from './job-request.ts';
import type { TenantFacts } from './tenant-facts.ts';
import type { WriteRecords } from './write-record.ts';

export interface RemediatePorts {
  readonly jobs: JobStore;
  readonly approvals: Pick<ApprovalStore, 'find' | 'calledOff'>;
  readonly brakes: BrakeStore;
  readonly requests: Pick<JobRequests, 'find'>;
  readonly records: WriteRecords;
  /** Read, never written. */
  readonly findings: Pick<FindingStore, 'read'>;
  readonly facts: FreshFacts;
  readonly tenantFacts: TenantFacts;
  readonly executor: PlanExecutor;
  readonly messages: Messages;
  /** Says afterwards what a write replaced. */
  readonly changeLog: Pick<ChangeLog, 'ofDirectory'>;
  /** Whether the remediator's own scope takes the subscription in; one that it cannot see is outside. */
  readonly inScope: (subscriptionId: string) => Promise<boolean>;
  readonly now: () => number;
  readonly digest: Digest;
  /** Object id of the identity that writes; null where it is not known. */
  readonly actor: string | null;
}

/** No job of this id was ever stored: whoever sent the message is not our dispatcher. */
export class UnknownJob extends Error {
  override readonly name = 'UnknownJob';
}

export interface Remediated {
  readonly state: JobState | 'already-settled' | 'claimed-elsewhere' | 'put-off';
  readonly reason: string | null;
}

/** A look at a job that goes on with it: the job, or how it ended. */
export type Step = { readonly go: StoredJob } | { readonly end: Remediated };

/** Why a job must not run (now): `later` is when it may, epoch milliseconds. */
export type Hindrance =
  | {
      readonly kind: 'refused';
      readonly why: string;
      /** No brake that somebody may lift. */ readonly isForGood?: boolean;
    }
  | { readonly kind: 'later'; readonly why: string; readonly at: number };

export const claimedElsewhere: Remediated = { state: 'claimed-elsewhere', reason: null };
