import type { ActionMode, Settings } from '../model/settings.ts';
import { type Digest, jobIdOf, type RemediationJob } from './job.ts';
import type { PlanMade } from './planned.ts';

export interface JobOrigin {
  readonly tenantId: string;
  readonly rule: string;
  readonly findings: RemediationJob['findings'];
  readonly settings: Settings;
  /** Epoch milliseconds, UTC. */
  readonly now: number;
  /** Run or event that led to it. */
  readonly correlationId: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly digest: Digest;
}

const dayMs = 24 * 3_600_000;
/** A job that nobody took in a day rests on facts that are too old. */
const jobLifeMs = dayMs;
/** A person may be away for a weekend; what they approve is planned again from fresh facts before it is done. */
export const approvalLifeMs = 7 * dayMs;

/** The job that carries out a plan; null where its action is switched off. */
export function jobOfPlan({ plan, accounts }: PlanMade, origin: JobOrigin): RemediationJob | null {
  const { tenantId, rule, findings, settings, now, correlationId, attempt, digest } = origin;
  const mode = modeOf(plan.action, settings);
  if (mode === 'off') return null;
  const approvalRequired = mode === 'approve' || (mode === 'auto' && plan.risk !== 'safe');
  const job: Omit<RemediationJob, 'jobId'> = {
    tenantId,
    rule,
    findings,
    accounts,
    plan,
    dryRun: mode === 'dry-run',
    approvalRequired,
    notBefore: now,
    expiresAt: now + (approvalRequired ? approvalLifeMs : jobLifeMs),
    attempt,
    correlationId,
    createdAt: now,
  };
  return { jobId: jobIdOf(job, digest), ...job };
}

/** What settings do not name is only told, never done. */
export function modeOf(action: string, settings: Settings): ActionMode {
  return settings.remediation[action] ?? 'dry-run';
}
