import { z } from 'zod';
import type { Waiver } from '../../domain/findings/waiver.ts';
import { ActorDocument, Instant } from './common.ts';
import { isoTime } from './iso-time.ts';

const rule = z.string().nullable();

const ScopeDocument = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('finding'), key: z.string(), rule: z.string() }),
  z.object({ kind: z.literal('account'), accountKey: z.string(), rule }),
  z.object({ kind: z.literal('tag'), name: z.string(), value: z.string(), rule }),
  z.object({ kind: z.literal('subscription'), subscriptionId: z.string(), rule }),
  z.object({ kind: z.literal('rule'), rule: z.string() }),
]);

const OwnerDocument = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('object'), id: z.string() }),
  z.object({ kind: z.literal('team'), name: z.string() }),
]);

const ApprovalDocument = z.discriminatedUnion('state', [
  z.object({ state: z.literal('not-needed') }),
  z.object({ state: z.literal('pending') }),
  z.object({ state: z.literal('approved'), by: ActorDocument, at: Instant }),
]);

/** A waiver as JSON. `until` is the first instant at which it holds no more. */
export const WaiverDocument = z.object({
  id: z.string(),
  scope: ScopeDocument,
  reason: z.string(),
  owner: OwnerDocument,
  from: Instant,
  until: Instant,
  createdBy: ActorDocument,
  createdAt: Instant,
  approval: ApprovalDocument,
  removed: z.object({ by: ActorDocument, at: Instant }).nullable(),
});
export type WaiverDocument = z.infer<typeof WaiverDocument>;

export function waiverDocument({ id, scope, reason, owner, from, until, ...waiver }: Waiver): WaiverDocument {
  const { approval, removed } = waiver;
  return {
    id,
    scope,
    reason,
    owner,
    from: isoTime(from),
    until: isoTime(until),
    createdBy: waiver.createdBy,
    createdAt: isoTime(waiver.createdAt),
    approval: approval.state === 'approved' ? { ...approval, at: isoTime(approval.at) } : approval,
    removed: removed === null ? null : { by: removed.by, at: isoTime(removed.at) },
  };
}
