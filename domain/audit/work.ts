import type { Cause } from '../findings/finding.ts';
import type { Collision } from '../model/collision.ts';
import type { Repair } from '../remediation/repair.ts';
import type { ToldResult } from '../remediation/told-result.ts';

/**
 * A message on `audit-work`: a shard of a run, one account, the search for who changed something, the planning of a repair,
 * one rule about the tenant, a write that another one met, what a consumer said of a job and could not be looked up then, or
 * findings whose job was planned apart from them.
 */
export type AuditWork = (
  | { readonly kind: 'shard'; readonly runId: string; readonly shard: number }
  | { readonly kind: 'account'; readonly accountId: string; readonly cause: Cause }
  | { readonly kind: 'attribute'; readonly accountId: string; readonly changeId: string; readonly attempt: number }
  | { readonly kind: 'plan-repair'; readonly repair: Repair; readonly correlationId: string }
  | { readonly kind: 'collision'; readonly collision: Collision }
  | { readonly kind: 'result'; readonly result: ToldResult }
  | { readonly kind: 'repair-queued'; readonly jobId: string }
  | { readonly kind: 'tenant-rule'; readonly rule: string; readonly cause: Cause }
) & {
  /** How often it was put off because something could not be reached; absent: never. */
  readonly putOff?: number | undefined;
};

/** A part of one subscription that one message audits; a subscription is cut where it holds more accounts than this. */
export const accountsPerShard = 500;

/** What the planner wrote down for a shard: a part of one subscription's accounts, or the tenant as a whole. */
export interface Shard {
  readonly runId: string;
  readonly number: number;
  /** `-` for the tenant, as the partition of its findings. */
  readonly subscriptionId: string;
  /** First audit of this partition: findings open without an alert or a job each. */
  readonly baseline: boolean;
  readonly accounts: number;
  readonly factsReadAt: number;
  /** When the facts of the last finished run before were read; absent where there is none. */
  readonly previousReadAt?: number | undefined;
}
