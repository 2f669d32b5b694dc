import { z } from 'zod';
import type { RemediationJob } from '../../domain/remediation/job.ts';
import { AnyJson, cloudEvent, envelope, instant, Instant } from './cloud-event.ts';
import { parseMessage } from './malformed.ts';
import { parseEvent } from './parse-event.ts';

/** Application property `schemaVersion`: the major version is that of `type`; a minor one only adds members. */
export const jobSchemaVersion = '1.0';
/** Broker property `subject`. */
export const jobSubject = 'remediation.requested';

/** What the URL parser would take for another host (`//host`, `/\\host`, also around white space) is no path. */
const Path = z
  .string()
  .regex(/^\/(?![/\\])[^\\\s]*$/, 'not a path on the endpoint')
  .describe('Path and query on the endpoint that the consumer is configured with; never a whole URL.');

const PlannedCall = z.object({
  method: z.enum(['POST', 'PATCH', 'PUT', 'DELETE']),
  url: Path,
  body: z.record(z.string(), AnyJson).describe('Sent as it is; empty for DELETE.'),
  permission: z.string().describe('What the call takes: a Microsoft Graph permission, or an operation of ARM.'),
  reads: z
    .object({
      url: Path,
      expect: z
        .record(z.string(), AnyJson)
        .describe('The value at each JSON pointer (RFC 6901) of the answer; null also where nothing is there.'),
      afterwards: z
        .record(z.string(), AnyJson)
        .optional()
        .describe('The same, once the call is in effect and nobody else has written.'),
    })
    .describe('The precondition: GET, compare, only then call.'),
  undo: z
    .object({ method: z.string(), url: Path, body: AnyJson })
    .describe('What takes the call back; {id} in its url stands for the id in the answer of the call.'),
  // Messages of older versions say neither.
  before: AnyJson.optional().describe('The members that the call writes, as they were when it was planned.'),
  after: AnyJson.optional().describe('The same members as they will be.'),
});

const Approval = z.discriminatedUnion('required', [
  z.object({
    required: z.literal(true),
    by: z.string().min(1).describe('Object id of who approved it.'),
    at: Instant,
  }),
  z.object({ required: z.literal(false) }),
]);

const type = 'kerbwatch.remediation.requested.v1';

/** Message on `remediation-jobs` (contracts, Remediation job). */
export const JobEvent = cloudEvent(
  type,
  z.object({
    jobId: z.string().min(1).describe('With attempt: the same job, however often and under whatever id it comes.'),
    findingIds: z.array(z.string()).min(1),
    rule: z.string(),
    action: z.string().describe('Refuse one that you do not know.'),
    tenantId: z.string().describe('Refuse a job for another tenant than yours.'),
    target: z
      .object({
        type: z.enum([
          'servicePrincipal',
          'application',
          'conditionalAccessPolicy',
          'storageAccount',
          'oauth2PermissionGrant',
        ]),
        id: z.string().min(1),
        name: z.string(),
      })
      .describe('The one object that the plan writes.'),
    accounts: z.array(z.object({ id: z.string(), name: z.string() })).describe('The storage accounts that it mends.'),
    plan: z.array(PlannedCall).min(1).describe('In this order.'),
    risk: z.enum(['safe', 'disruptive', 'weakens-security']),
    approval: Approval.describe('An action that is not safe needs one, whatever a message says of its risk.'),
    dryRun: z.boolean().describe('True: change nothing, and report what would be done.'),
    notBefore: Instant.describe('Write nothing before it.'),
    expiresAt: Instant.describe('Write nothing from it on.'),
    attempt: z.int().min(1),
    omitted: z
      .object({ findings: z.int().min(0), accounts: z.int().min(0) })
      .optional()
      .describe('How many more of each the job is for than the lists name. The plan is always whole.'),
  }),
);
export type JobEvent = z.infer<typeof JobEvent>;

const where = 'remediation job';

/** A message holds 256 KB, and a policy may break thousands of accounts: the plan has to be whole, and these need not be. */
const mostNamed = 200;

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
  const findingIds = job.findings.map(({ id }) => id).sort();
  const omitted = { findings: beyond(findingIds), accounts: beyond(accounts) };
  return parseMessage<JobEvent>(where, JobEvent, {
    ...envelope(messageId, tenantId, job.createdAt),
    type,
    subject: plan.target.id,
    data: {
      jobId,
      findingIds: findingIds.slice(0, mostNamed),
      rule,
      action: plan.action,
      tenantId,
      target: plan.target,
      accounts: accounts.slice(0, mostNamed),
      plan: plan.calls,
      risk: plan.risk,
      approval: approval === null ? { required: false } : { required: true, by: approval.by, at: instant(approval.at) },
      dryRun,
      notBefore: instant(job.notBefore),
      expiresAt: instant(job.expiresAt),
      attempt,
      ...(omitted.findings + omitted.accounts === 0 ? {} : { omitted }),
    },
  });
}

function beyond({ length }: readonly unknown[]): number {
  return Math.max(0, length - mostNamed);
}

/** @param body parsed JSON, text or bytes. @throws MessageMalformed */
export function parseJobEvent(body: unknown): JobEvent {
  return parseEvent(where, type, JobEvent, body);
}
