import { z } from 'zod';
import type { RemediationJob } from '../../domain/remediation/job.ts';
import { cloudEvent, envelope, instant, Instant } from './cloud-event.ts';
import { parseMessage } from './malformed.ts';

const PlannedCall = z.object({
  method: z.enum(['POST', 'PATCH', 'PUT', 'DELETE']),
  url: z.string().startsWith('/'),
  body: z.record(z.string(), z.json()),
  permission: z.string(),
  reads: z.object({
    url: z.string().startsWith('/'),
    expect: z.record(z.string(), z.json()),
    afterwards: z.record(z.string(), z.json()).optional(),
  }),
  undo: z.object({ method: z.string(), url: z.string().startsWith('/'), body: z.json() }),
  // Messages of older versions say neither.
  before: z.json().optional(),
  after: z.json().optional(),
});

const Approval = z.discriminatedUnion('required', [
  z.object({ required: z.literal(true), by: z.string().min(1), at: Instant }),
  z.object({ required: z.literal(false) }),
]);

/** Message on `remediation-jobs` (contracts, Remediation job). */
export const JobEvent = cloudEvent(
  'kerbwatch.remediation.requested.v1',
  z.object({
    jobId: z.string().min(1),
    findingIds: z.array(z.string()).min(1),
    rule: z.string(),
    action: z.string(),
    tenantId: z.string(),
    target: z.object({
      type: z.enum([
        'servicePrincipal',
        'application',
        'conditionalAccessPolicy',
        'storageAccount',
        'oauth2PermissionGrant',
      ]),
      id: z.string().min(1),
      name: z.string(),
    }),
    accounts: z.array(z.object({ id: z.string(), name: z.string() })),
    plan: z.array(PlannedCall).min(1),
    risk: z.enum(['safe', 'disruptive', 'weakens-security']),
    approval: Approval,
    dryRun: z.boolean(),
    notBefore: Instant,
    expiresAt: Instant,
    attempt: z.int().min(1),
  }),
);
export type JobEvent = z.infer<typeof JobEvent>;

const where = 'remediation job';

/** Who approved a job that needs it. `at` is epoch milliseconds. */
export interface JobApproval {
  readonly by: string;
  readonly at: number;
}

/** A job that needs an approval was to be queued without one: it waits in table `jobs` until somebody approves it. */
export class JobNotApproved extends Error {
  override readonly name = 'JobNotApproved';

  constructor(jobId: string) {
    super(`Remediation job ${jobId} needs an approval and has none; it stays in table jobs until it is approved`);
  }
}

/** @throws JobNotApproved, MessageMalformed */
export function jobEvent(job: RemediationJob, messageId: string, approval: JobApproval | null): JobEvent {
  if (job.approvalRequired && approval === null) throw new JobNotApproved(job.jobId);
  const { jobId, rule, tenantId, accounts, plan, dryRun, attempt } = job;
  return parseMessage<JobEvent>(where, JobEvent, {
    ...envelope(messageId, tenantId, job.createdAt),
    type: 'kerbwatch.remediation.requested.v1',
    subject: plan.target.id,
    data: {
      jobId,
      findingIds: job.findings.map(({ id }) => id).sort(),
      rule,
      action: plan.action,
      tenantId,
      target: plan.target,
      accounts,
      plan: plan.calls,
      risk: plan.risk,
      approval: approval === null ? { required: false } : { required: true, by: approval.by, at: instant(approval.at) },
      dryRun,
      notBefore: instant(job.notBefore),
      expiresAt: instant(job.expiresAt),
      attempt,
    },
  });
}

/** @param body parsed JSON, text or bytes. @throws MessageMalformed */
export function parseJobEvent(body: unknown): JobEvent {
  return parseMessage(where, JobEvent, body);
}
