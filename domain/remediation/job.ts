import type { RemediationPlan } from './plan.ts';

export type JobState = 'awaiting-approval' | 'queued' | 'running' | SettledState;
/** What nothing comes after but that `done` may become `undone`. */
export type SettledState = (typeof settledStates)[number];
/** `withdrawn`: nobody needs it any more, and nobody took it. `undone`: what it did was taken back. */
const settledStates = ['done', 'failed', 'refused', 'dry-run', 'withdrawn', 'undone'] as const;

/**
 * Whether somebody took a job and ended it, so that it is to be verified: a dry run changed nothing. One that a person had
 * taken back before anybody looked leaves its findings waiting like any other.
 */
export function hasEnded(state: JobState): boolean {
  return state === 'done' || state === 'failed' || state === 'refused' || state === 'undone';
}

/** Whether a job is settled. A newer version may have written a state that this one does not know, which is not. */
export function isSettled(state: string): state is SettledState {
  return settledStates.some((settled) => settled === state);
}

/** A remediation job as stored. Times are epoch milliseconds, UTC. */
export interface RemediationJob {
  readonly jobId: string;
  readonly tenantId: string;
  readonly rule: string;
  readonly findings: readonly { readonly id: string; readonly episode: number }[];
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  readonly plan: RemediationPlan;
  readonly dryRun: boolean;
  readonly approvalRequired: boolean;
  readonly notBefore: number;
  readonly expiresAt: number;
  readonly attempt: number;
  /** Object id of the person who asked for this attempt, who may not approve it; absent where the auditor planned it. */
  readonly requestedBy?: string | null | undefined;
  /** Id of the job that this one takes back; absent for a repair. */
  readonly undoOf?: string | undefined;
  /** Run, event or job id that led to it. */
  readonly correlationId: string;
  readonly createdAt: number;
}

/** SHA-256 of a text, as lower-case hex. */
export type Digest = (text: string) => string;

/** The broker's message id (contracts.md, Remediation job): the same job in the same attempt is the same message. */
export function jobMessageId(job: Omit<RemediationJob, 'jobId'>, digest: Digest): string {
  return digest(JSON.stringify([...identityOf(job), job.attempt]));
}

/**
 * The job's own id. A job that is requeued keeps it; one that is planned anew, since nobody carried out the first, is a
 * job of its own: whoever plans inserts jobs and never changes one.
 */
export function jobIdOf(job: Omit<RemediationJob, 'jobId'>, digest: Digest): string {
  const again = job.attempt === 1 ? [] : [job.attempt];
  return digest(JSON.stringify([...identityOf(job), ...again])).slice(0, 40);
}

/**
 * Whether two jobs are for accounts of the same place. A finding is known by the name of its account, which keeps it when it is
 * moved to another resource group or subscription; its findings open there anew.
 */
export function isForSameAccounts(a: Pick<RemediationJob, 'accounts'>, b: Pick<RemediationJob, 'accounts'>): boolean {
  const keysOf = ({ accounts }: typeof a): string => JSON.stringify(accounts.map(({ id }) => id.toLowerCase()).sort());
  return keysOf(a) === keysOf(b);
}

/** All jobs that write one object share a session, so that they run one after another. */
export function jobSessionId(job: Omit<RemediationJob, 'jobId'>, digest: Digest): string {
  return digest(job.plan.target.id.toLowerCase());
}

function identityOf(job: Omit<RemediationJob, 'jobId'>): readonly unknown[] {
  const findings = job.findings.map(({ id, episode }) => `${id}#${String(episode)}`).sort();
  const desired = job.plan.calls.map(({ method, url, body }) => ({ method, url, body }));
  return [job.tenantId, job.plan.target.id.toLowerCase(), findings, job.plan.action, desired];
}
