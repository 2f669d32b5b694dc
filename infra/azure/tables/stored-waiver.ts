import { z } from 'zod';
import type { Waiver } from '../../../domain/findings/waiver.ts';
import { Actor } from '../../messages/actor.ts';

const Time = z.number();
const Text = z.string().min(1);
const rule = Text.nullable();

const Scope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('finding'), key: Text, rule: Text }),
  z.object({ kind: z.literal('account'), accountKey: Text, rule }),
  z.object({ kind: z.literal('tag'), name: Text, value: Text, rule }),
  z.object({ kind: z.literal('subscription'), subscriptionId: Text, rule }),
  z.object({ kind: z.literal('rule'), rule: Text }),
]);

const Owner = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('object'), id: Text }),
  z.object({ kind: z.literal('team'), name: Text }),
]);

const Approval = z.discriminatedUnion('state', [
  z.object({ state: z.literal('not-needed') }),
  z.object({ state: z.literal('pending') }),
  z.object({ state: z.literal('approved'), by: Actor, at: Time }),
]);

/** A waiver as it is stored. Whoever can write the table can edit it, so that it is parsed like any payload from outside. */
export const StoredWaiver: z.ZodType<Waiver> = z.object({
  id: Text,
  scope: Scope,
  reason: Text,
  owner: Owner,
  from: Time,
  until: Time,
  createdBy: Actor,
  createdAt: Time,
  approval: Approval,
  removed: z.object({ by: Actor, at: Time }).nullable(),
  warnedAt: Time.nullable(),
  settledAt: Time.nullable(),
});
