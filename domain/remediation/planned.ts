import type { StorageAccount } from '../model/storage-account.ts';
import type { RemediationPlan } from './plan.ts';
import { readable } from './runbooks/shell.ts';
import type { ManualTask } from './runbooks/task.ts';

/** An account that a plan mends. */
export interface MendedAccount {
  readonly id: string;
  readonly name: string;
}

export interface PlanMade {
  readonly kind: 'plan';
  readonly plan: RemediationPlan;
  /** The accounts that the plan mends, by key; none for a plan about the tenant. */
  readonly accounts: readonly MendedAccount[];
  /** What was asked for and is not part of the plan. */
  readonly leftOut: readonly LeftOut[];
}

/** What one plan could not take in. `about` is an account's key or an appId. */
export interface LeftOut {
  readonly about: string;
  readonly refusal: Refusal;
}

/** `none`: nothing to do, or not now, and `why` says so in a sentence. `manual`: a person has to. */
export type Refusal =
  { readonly kind: 'none'; readonly why: string } | { readonly kind: 'manual'; readonly task: ManualTask };

export type Planned = PlanMade | Refusal;

export function none(why: string): Refusal {
  return { kind: 'none', why: readable(why) };
}

export function manual(task: ManualTask): Refusal {
  return { kind: 'manual', task: { ...task, why: readable(task.why) } };
}

/** Why there is no plan where all was left out: what a person can do about it goes first. @param why where nothing was asked for */
export function refusalFor(leftOut: readonly LeftOut[], why: string): Refusal {
  const refusals = leftOut.map(({ refusal }) => refusal);
  return refusals.find(({ kind }) => kind === 'manual') ?? refusals[0] ?? none(why);
}

/** A plan that mends one account. */
export function planned(plan: RemediationPlan, { id, name }: StorageAccount): Planned {
  return { kind: 'plan', plan, accounts: [{ id, name }], leftOut: [] };
}
