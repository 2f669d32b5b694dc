import { z } from 'zod';
import type { JobReport, StoredJob } from '../../domain/audit/ports.ts';
import type { JobView } from '../../domain/remediation/job-view.ts';
import type { AppMade } from '../../domain/remediation/app-maker.ts';
import { actionNotes } from '../../domain/remediation/action-notes.ts';
import { changesOf } from '../../domain/remediation/plan-changes.ts';
import type { PlannedCall } from '../../domain/remediation/plan.ts';
import { Instant, namedDocuments, openWord } from './common.ts';
import { isoTime } from './iso-time.ts';
import { TaskDocument, taskDocument } from './task-document.ts';

export const jobStates = [
  'awaiting-approval',
  'queued',
  'running',
  'done',
  'failed',
  'refused',
  'dry-run',
  'withdrawn',
  'undone',
] as const;

const members = {
  id: z.string(),
  action: z.string(),
  risk: openWord(['safe', 'disruptive', 'weakens-security']),
  rule: z.string(),
  state: openWord(jobStates),
  attempt: z.int(),
  dryRun: z.boolean(),
  approvalRequired: z.boolean(),
  target: z.object({ type: z.string(), id: z.string(), name: z.string() }),
  findings: z.array(z.object({ id: z.string(), episode: z.int() })).readonly(),
  accounts: z.array(z.object({ id: z.string(), name: z.string() })).readonly(),
  createdAt: Instant,
  notBefore: Instant,
  expiresAt: Instant,
  requestedBy: z
    .string()
    .nullable()
    .meta({ description: 'Object id of who asked for this attempt, who may not approve it.' }),
  undoOf: z.string().nullable().meta({ description: 'Id of the job that this one takes back; null for a repair.' }),
  correlationId: z.string(),
  report: z
    .object({
      at: Instant,
      reason: z.string().nullable(),
      actor: z.string().nullable(),
      overwritten: z
        .object({ state: openWord(['pending', 'none', 'found', 'unknown']), at: Instant, why: z.string().nullable() })
        .nullable()
        .optional()
        .meta({
          description:
            'Whether the write replaced a change that nobody had read, by the audit records of Entra; null where it replaced nothing. While it is pending, `at` is when they are looked at next.',
        }),
    })
    .nullable()
    .meta({ description: 'How it ended; null before it has.' }),
};

/** A remediation job in a list. */
export const JobSummaryDocument = z.object(members).register(namedDocuments, { id: 'JobSummary' });
export type JobSummaryDocument = z.infer<typeof JobSummaryDocument>;

const Change = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('list'),
    member: z.string(),
    kept: z.array(z.string()).readonly(),
    added: z.array(z.string()).readonly(),
    removed: z.array(z.string()).readonly(),
  }),
  z.object({ kind: z.literal('value'), member: z.string(), before: z.unknown(), after: z.unknown() }),
]);

const CallDocument = z.object({
  method: z.string(),
  url: z.string(),
  permission: z.string(),
  changes: z.array(Change).readonly(),
  guards: z
    .array(z.string())
    .readonly()
    .meta({ description: 'JSON pointers whose values have to be as they were, read right before.' }),
  undo: z.object({ method: z.string(), url: z.string() }),
});

const PolicyEffectDocument = z.discriminatedUnion('known', [
  z.object({
    known: z.literal(true),
    state: z.string(),
    users: z.string(),
    resources: z.string(),
    demands: z.string(),
    conditions: z.array(z.string()).readonly(),
    gives: z.array(z.string()).readonly().meta({ description: 'What the policy does not protect any more.' }),
    keeps: z.array(z.string()).readonly().meta({ description: 'What it still protects.' }),
    readAt: Instant,
  }),
  z.object({ known: z.literal(false), why: z.string() }),
]);

/** One remediation job with all that whoever decides on it has to see. */
export const JobDocument = z
  .object({
    schema: z.literal('kerbwatch.job/v1'),
    ...members,
    planDigest: z.string().meta({ description: 'Of the plan as it is stored: what an approval is given for.' }),
    plan: z.array(CallDocument).readonly(),
    effect: z.object({
      writes: z.string().nullable(),
      reaches: z.string().nullable(),
      goesWrong: z.string().nullable(),
      undo: z.string().nullable(),
      policy: PolicyEffectDocument.nullable().meta({ description: 'Null for a job that writes no policy.' }),
    }),
    apps: z
      .array(
        z.object({
          appId: z.string(),
          displayName: z.string(),
          maker: openWord(['provider', 'somebody', 'unknown']),
          says: z.string(),
        }),
      )
      .readonly()
      .nullable()
      .optional()
      .meta({
        description:
          'Who made the apps that the job is about, by the audit records of Entra; null where nobody looked, and for a job that is over.',
      }),
    approval: z.object({
      state: openWord(['not-needed', 'waiting', 'approved', 'rejected', 'expired', 'called-off']),
      by: z.string().nullable(),
      at: Instant,
      expiresAt: Instant,
      note: z.string().nullable(),
      calledOff: z
        .object({ by: z.string(), at: Instant, note: z.string().nullable() })
        .nullable()
        .optional()
        .meta({ description: 'Who decided that the job must not run after all; null where nobody did.' }),
    }),
    held: z.array(z.string()).readonly().meta({ description: 'What keeps it from being carried out now.' }),
    tasks: z.array(TaskDocument).readonly().meta({ description: 'What a person has to do about the same findings.' }),
  })
  .register(namedDocuments, { id: 'Job' });
export type JobDocument = z.infer<typeof JobDocument>;

export function jobSummaryDocument({ job, state, report }: StoredJob): JobSummaryDocument {
  const { plan } = job;
  return {
    id: job.jobId,
    action: plan.action,
    risk: plan.risk,
    rule: job.rule,
    state,
    attempt: job.attempt,
    dryRun: job.dryRun,
    approvalRequired: job.approvalRequired,
    target: { type: plan.target.type, id: plan.target.id, name: plan.target.name },
    findings: job.findings.map(({ id, episode }) => ({ id, episode })),
    accounts: job.accounts.map(({ id, name }) => ({ id, name })),
    createdAt: isoTime(job.createdAt),
    notBefore: isoTime(job.notBefore),
    expiresAt: isoTime(job.expiresAt),
    requestedBy: job.requestedBy ?? null,
    undoOf: job.undoOf ?? null,
    correlationId: job.correlationId,
    report: report === null ? null : reportDocument(report),
  };
}

function reportDocument({ at, reason, actor, overwritten }: JobReport): NonNullable<JobSummaryDocument['report']> {
  return {
    at: isoTime(at),
    reason,
    actor,
    overwritten:
      overwritten === undefined
        ? null
        : {
            state: overwritten.state,
            at: isoTime(overwritten.state === 'pending' ? overwritten.lookAt : overwritten.at),
            why: overwritten.state === 'unknown' ? overwritten.why : null,
          },
  };
}

export function jobDocument({ stored, planDigest, approval, policy, makers, held, tasks }: JobView): JobDocument {
  const { action, calls } = stored.job.plan;
  const notes = Object.entries(actionNotes).find(([name]) => name === action)?.[1];
  const { given, calledOff } = approval;
  return {
    schema: 'kerbwatch.job/v1',
    ...jobSummaryDocument(stored),
    planDigest,
    plan: calls.map(callDocument),
    effect: {
      writes: notes?.writes ?? null,
      reaches: notes?.reaches ?? null,
      goesWrong: notes?.goesWrong ?? null,
      undo: notes?.undo ?? null,
      policy: policy?.known === true ? { ...policy, readAt: isoTime(policy.readAt) } : policy,
    },
    apps: makers === null ? null : makers.map(appDocument),
    approval: {
      state: approval.state,
      by: given?.by ?? null,
      at: given === null ? null : isoTime(given.at),
      expiresAt: given === null ? null : isoTime(given.expiresAt),
      note: given?.note ?? null,
      calledOff: calledOff === null ? null : { by: calledOff.by, at: isoTime(calledOff.at), note: calledOff.note },
    },
    held,
    tasks: tasks.map(taskDocument),
  };
}

function appDocument({ appId, displayName, maker }: AppMade): NonNullable<JobDocument['apps']>[number] {
  switch (maker.kind) {
    case 'provider':
      return { appId, displayName, maker: 'provider', says: 'Made by the storage provider' };
    case 'somebody': {
      const who = `${maker.by.kind} ${maker.by.objectId ?? 'unnamed'}`;
      const says = `Made by ${who} on ${new Date(maker.at).toISOString()}, and not by the storage provider`;
      return { appId, displayName, maker: 'somebody', says };
    }
    case 'unknown':
    case 'not-yet':
      return { appId, displayName, maker: 'unknown', says: `It is not known who made it: ${maker.why}` };
  }
}

function callDocument(call: PlannedCall): z.infer<typeof CallDocument> {
  const { method, url, permission, reads, undo } = call;
  return {
    method,
    url,
    permission,
    changes: changesOf(call),
    guards: Object.keys(reads.expect),
    undo: { method: undo.method, url: undo.url },
  };
}
