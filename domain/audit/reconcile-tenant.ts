import type { Cause } from '../findings/finding.ts';
import { noSubscription } from '../findings/place.ts';
import { storedWaivers } from './apply-waiver.ts';
import type { Observed } from './observed.ts';
import type { FindingStore, JobStore, WaiverStore } from './ports.ts';
import { type ReconcileInput, reconcile, type Reconciled } from './reconcile.ts';

export interface ReconcileTenantPorts {
  readonly findings: FindingStore;
  readonly waivers: Pick<WaiverStore, 'all'>;
  /** Read, to know which of them nobody carried out. */
  readonly jobs: Pick<JobStore, 'find'>;
}

export interface TenantSeen extends Pick<ReconcileInput, 'baseline' | 'alongside'> {
  readonly rules: Extract<Observed, { kind: 'tenant' }>['rules'];
  /** Epoch milliseconds, as `now`. */
  readonly factsReadAt: number;
  readonly now: number;
  readonly cause: Cause;
}

/** Reconciles what rules say of the tenant: in its own partition, with no tags for waivers to go by; its jobs are planned on their own. */
export async function reconcileTenant(
  { rules, factsReadAt, now, cause, ...rest }: TenantSeen,
  { findings, waivers, jobs }: ReconcileTenantPorts,
): Promise<Reconciled> {
  return reconcile(
    {
      partition: noSubscription,
      observed: { kind: 'tenant', rules },
      context: { now, factsReadAt, cause },
      waivers: () => storedWaivers(waivers, () => null),
      repairs: { jobFor: () => null, jobs, records: { latest: () => Promise.resolve(null) } },
      ...rest,
    },
    findings,
  );
}
