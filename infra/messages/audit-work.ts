import { z } from 'zod';
import type { AuditWork } from '../../domain/audit/work.ts';
import { type Cause, changedAtKinds, planes } from '../../domain/findings/finding.ts';
import { Actor } from './actor.ts';
import { parseMessage } from './malformed.ts';
import { jobOutcomes } from './result.ts';

const schema = 'kerbwatch.audit-work/v1';

/** What queues an audit. People and the sweep change findings themselves, so that a message which names them is forged. */
const queueing = ['nightly', 'event', 'verification', 'watch'] as const satisfies readonly Cause['kind'][];

/** Times are epoch milliseconds. */
const CauseEvents = z.object({
  ids: z.array(z.string()),
  plane: z.enum(planes).optional(),
  changedAt: z.number(),
  changedAtIs: z.enum(changedAtKinds).optional(),
  receivedAt: z.number(),
  dueAt: z.number(),
});

const AccountId = z
  .string()
  .regex(
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Storage\/storageAccounts\/[^/]+$/i,
    'not the ARM id of a storage account',
  );

const Cause = z.object({
  kind: z.enum(queueing),
  id: z.string(),
  actor: Actor,
  events: CauseEvents.optional(),
});

/** Ids are put into URLs by who plans. */
const Repair = z.discriminatedUnion('of', [
  z.object({ of: z.literal('policy'), policyId: z.guid() }),
  z.object({ of: z.literal('exclusions'), policyId: z.guid() }),
  z.object({ of: z.literal('account'), accountId: AccountId, rule: z.string().min(1) }),
]);

/** Message on `audit-work`, which only Kerbwatch itself sends and reads. */
export const AuditWorkMessage = z.discriminatedUnion('kind', [
  z.object({
    schema: z.literal(schema),
    kind: z.literal('shard'),
    runId: z.string().min(1),
    shard: z.int().min(0),
    putOff: z.int().min(1).optional(),
  }),
  z.object({
    schema: z.literal(schema),
    kind: z.literal('attribute'),
    accountId: z.string().min(1),
    changeId: z.string().min(1),
    attempt: z.int().min(1),
    putOff: z.int().min(1).optional(),
  }),
  z.object({
    schema: z.literal(schema),
    kind: z.literal('account'),
    accountId: AccountId,
    cause: Cause,
    putOff: z.int().min(1).optional(),
  }),
  z.object({
    schema: z.literal(schema),
    kind: z.literal('collision'),
    collision: z.object({
      jobId: z.string().min(1),
      attempt: z.int().min(1),
      action: z.string(),
      target: z.object({ type: z.string(), id: z.string().min(1), name: z.string() }),
      wanted: z.record(z.string(), z.json()),
      found: z.record(z.string(), z.json()),
      at: z.number(),
      cleared: z.boolean(),
    }),
    putOff: z.int().min(1).optional(),
  }),
  z.object({
    schema: z.literal(schema),
    kind: z.literal('plan-repair'),
    repair: Repair,
    correlationId: z.string(),
    putOff: z.int().min(1).optional(),
  }),
  z.object({
    schema: z.literal(schema),
    kind: z.literal('result'),
    result: z.object({ jobId: z.string().min(1), outcome: z.enum(jobOutcomes), event: z.string().optional() }),
    putOff: z.int().min(1).optional(),
  }),
  z.object({
    schema: z.literal(schema),
    kind: z.literal('repair-queued'),
    jobId: z.string().min(1),
    putOff: z.int().min(1).optional(),
  }),
  z.object({
    schema: z.literal(schema),
    kind: z.literal('tenant-rule'),
    rule: z.string().min(1),
    cause: Cause,
    putOff: z.int().min(1).optional(),
  }),
]);
export type AuditWorkMessage = z.infer<typeof AuditWorkMessage>;

const where = 'audit-work message';

/** @throws MessageMalformed */
export function auditWorkMessage(work: AuditWork): AuditWorkMessage {
  return parseMessage<AuditWorkMessage>(where, AuditWorkMessage, { schema, ...work });
}

/** @param body parsed JSON, text or bytes. @throws MessageMalformed */
export function parseAuditWork(body: unknown): AuditWork {
  const { schema: _, ...work } = parseMessage(where, AuditWorkMessage, body);
  return work;
}
