import type { ServiceBusMessage } from '@azure/service-bus';
import { type ActionName, actionRisks, type Risk } from '../../domain/remediation/actions.ts';
import { jobIdOf, type RemediationJob } from '../../domain/remediation/job.ts';
import type { RemediationPlan } from '../../domain/remediation/plan.ts';
import { jobMessage } from '../../infra/azure/service-bus/job-message.ts';
import { sha256 } from '../../infra/digest.ts';
import type { JobEvent } from '../../infra/messages/job.ts';
import { sampleWrites, type SampleWrite } from './sample-writes.ts';

/** What jobs are made of: ids that nobody has, so that neither broker nor consumer has seen one before. */
export interface Making {
  readonly tenantId: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly newGuid: () => string;
  /** An action that the consumer says it carries out: what most cases are played with. */
  readonly action: ActionName;
}

/** A job that an auditor might have sent. */
export interface SampleJob extends Pick<SampleWrite, 'call' | 'answers'> {
  readonly job: RemediationJob;
}

const hour = 3_600_000;
const approver = '00000000-0000-4000-8000-0000000000aa';

/** A job that may run, due since an hour, approved where it has to be. */
export function dueJob(making: Making, over: Partial<RemediationJob> = {}): SampleJob {
  const { rule, target, call, answers } = sampleWrites[making.action](making.newGuid);
  const risk = actionRisks[making.action];
  const plan: RemediationPlan = { action: making.action, risk, target, calls: [call] };
  return { job: jobOf(rule, plan, making, { approvalRequired: risk !== 'safe', ...over }), call, answers };
}

/** A job that is not safe, and that nobody approved. @param risk what it says of itself */
export function unapprovedJob(making: Making, risk?: Risk): SampleJob {
  const sample = dueJob(making, { approvalRequired: false });
  const { plan } = sample.job;
  return risk === undefined ? sample : { ...sample, job: { ...sample.job, plan: { ...plan, risk } } };
}

/** The job's message; `change` makes of its event what an honest sender would not. Never scheduled: it comes at once. */
export function messageOf(
  { job }: SampleJob,
  change: (event: JobEvent) => unknown = (event) => event,
): ServiceBusMessage {
  const approval = job.approvalRequired ? { by: approver, at: job.createdAt } : null;
  const { scheduledEnqueueTimeUtc: _, ...message } = jobMessage(job, approval);
  return { ...message, body: change(message.body as JobEvent) };
}

function jobOf(
  rule: string,
  plan: RemediationPlan,
  { tenantId, now, newGuid }: Making,
  over: Partial<RemediationJob>,
): RemediationJob {
  const id = `/subscriptions/${newGuid()}/resourceGroups/conformance/providers/Microsoft.Storage/storageAccounts/conformance`;
  const job = {
    tenantId,
    rule,
    findings: [{ id: `conformance/${rule}`, episode: 1 }],
    accounts: [{ id, name: 'conformance' }],
    plan,
    dryRun: false,
    approvalRequired: false,
    notBefore: now - hour,
    expiresAt: now + hour,
    attempt: 1,
    correlationId: 'conformance',
    createdAt: now - hour,
    ...over,
  };
  return { jobId: jobIdOf(job, sha256), ...job };
}
