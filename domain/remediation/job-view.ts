import type { FindingStore, JobStore, StoredJob } from '../audit/ports.ts';
import type { Settings } from '../model/settings.ts';
import type { AppMade } from './app-maker.ts';
import type { Approval, ApprovalStore } from './approval.ts';
import type { BrakeStore } from './brakes.ts';
import type { CallOff } from './call-off.ts';
import { whatHolds } from './holding-brakes.ts';
import type { Digest, RemediationJob } from './job.ts';
import { jobMetrics, type ActionMetrics } from './job-metrics.ts';
import type { RemediationPlan } from './plan.ts';
import { policyEffect, type PolicyEffectShown, type SeenPolicy } from './policy-effect.ts';
import { type RepairTask, taskOf, type TaskStore } from './repair-task.ts';
import type { WriteRecords } from './write-record.ts';
import { planDigest } from './same-plan.ts';

/** What showing jobs takes; nothing of it is written. */
export interface JobViewPorts {
  readonly jobs: Pick<JobStore, 'find' | 'list'>;
  readonly approvals: Pick<ApprovalStore, 'find' | 'calledOff'>;
  readonly brakes: Pick<BrakeStore, 'read'>;
  readonly records: Pick<WriteRecords, 'latest'>;
  readonly tasks: Pick<TaskStore, 'find'>;
  readonly findings: Pick<FindingStore, 'find' | 'list'>;
  /** A policy as it is, or was last seen; null where it cannot be read. @param id lower case */
  readonly policy: (id: string) => Promise<SeenPolicy | null>;
  /** Who made the apps of a plan; null where that is not looked up, or cannot be. */
  readonly makers: (plan: RemediationPlan) => Promise<readonly AppMade[] | null>;
  readonly digest: Digest;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Where the approval of a job stands; `expired` is one that was given and holds no more, `called-off` a job that must not run
 * whatever was given.
 */
export type ApprovalState = 'not-needed' | 'waiting' | 'approved' | 'rejected' | 'expired' | 'called-off';

/** A job with all that whoever decides on it has to see. */
export interface JobView {
  readonly stored: StoredJob;
  /** Of the plan as it is stored: what an approval is given for. */
  readonly planDigest: string;
  readonly approval: {
    readonly state: ApprovalState;
    readonly given: Approval | null;
    readonly calledOff: CallOff | null;
  };
  /** What it does to a policy; null for a job about something else. */
  readonly policy: PolicyEffectShown | null;
  /** Who made the apps that it is about; null where nobody looked, and for a job that is over. */
  readonly makers: readonly AppMade[] | null;
  /** What keeps it from being carried out now, a sentence each; empty: nothing does. */
  readonly held: readonly string[];
  /** What a person has to do beside it about the same findings. */
  readonly tasks: readonly RepairTask[];
}

/** @returns null for a job that is not there */
export async function viewJob(jobId: string, settings: Settings, ports: JobViewPorts): Promise<JobView | null> {
  const stored = await ports.jobs.find(jobId);
  if (stored === null) return null;
  const { job } = stored;
  const given = job.approvalRequired ? await ports.approvals.find(jobId, job.attempt) : null;
  const calledOff = await ports.approvals.calledOff(jobId, job.attempt);
  const isPolicy = job.plan.target.type === 'conditionalAccessPolicy';
  const seen = isPolicy ? await ports.policy(job.plan.target.id.toLowerCase()) : null;
  return {
    stored,
    planDigest: planDigest(job.plan, ports.digest),
    approval: { state: calledOff === null ? approvalState(job, given, ports.now()) : 'called-off', given, calledOff },
    policy: policyEffect(job, seen),
    makers: isOver(stored) ? null : await ports.makers(job.plan),
    held: isOver(stored) ? [] : await whatHolds(job, settings, ports),
    tasks: await tasksOf(job, ports),
  };
}

/** Where the approval of a job stands at a time. @param given its decision; null: nobody has decided */
export function approvalState(job: RemediationJob, given: Approval | null, now: number): ApprovalState {
  if (!job.approvalRequired) return 'not-needed';
  if (given === null) return 'waiting';
  if (given.decision === 'rejected') return 'rejected';
  return now >= given.expiresAt ? 'expired' : 'approved';
}

/** What became of all jobs, by action. */
export async function viewMetrics(ports: JobViewPorts): Promise<readonly ActionMetrics[]> {
  const jobs: StoredJob[] = [];
  for await (const stored of ports.jobs.list()) jobs.push(stored);
  const about = new Set(jobs.flatMap(({ job }) => job.findings.map(({ id }) => id)));
  const findings = [];
  for await (const finding of ports.findings.list()) if (about.has(finding.id)) findings.push(finding);
  const approved = new Set<string>();
  for (const { job, state } of jobs) {
    if (!job.approvalRequired || state === 'awaiting-approval') continue;
    const given = await ports.approvals.find(job.jobId, job.attempt);
    if (given?.decision === 'approved') approved.add(job.jobId);
  }
  return jobMetrics(jobs, findings, approved);
}

function isOver({ state }: StoredJob): boolean {
  return !['awaiting-approval', 'queued', 'running'].includes(state);
}

async function tasksOf(job: RemediationJob, { findings, tasks }: JobViewPorts): Promise<readonly RepairTask[]> {
  const found = new Map<string, RepairTask>();
  for (const { id } of job.findings) {
    for (const { finding } of await findings.find(id)) {
      const task = await taskOf(finding, tasks);
      if (task !== null) found.set(`${task.place}|${task.topic}`, task);
    }
  }
  return [...found.values()];
}
