import type { Json } from '../model/verdict.ts';
import type { Risk } from './actions.ts';

/** What a plan writes: one object of the directory or of ARM. */
export interface PlanTarget {
  readonly type:
    'servicePrincipal' | 'application' | 'conditionalAccessPolicy' | 'storageAccount' | 'oauth2PermissionGrant';
  readonly id: string;
  readonly name: string;
}

/** One call, relative to the endpoint's origin, with the read that guards it and the call that takes it back. */
export interface PlannedCall {
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Path and query from the origin, e.g. `/v1.0/oauth2PermissionGrants`; never a whole URL. */
  readonly url: string;
  readonly body: Readonly<Record<string, Json>>;
  readonly permission: string;
  readonly reads: PlannedRead;
  /** `{id}` in the url stands for the id in the answer of the call. */
  readonly undo: { readonly method: string; readonly url: string; readonly body: Json };
  /** What the call changes, for whoever approves it: the members it writes, as they are; null where nothing is there. */
  readonly before?: Json | undefined;
  /** The same members as they will be. */
  readonly after?: Json | undefined;
}

/** The values at JSON pointers of the answer to a GET; null also where there is no such member. */
export interface PlannedRead {
  readonly url: string;
  /** What has to be there before the call: all that it replaces, and what made it safe. */
  readonly expect: Readonly<Record<string, Json>>;
  /** What is there once the call is in effect, and nobody else has written. */
  readonly afterwards?: Readonly<Record<string, Json>> | undefined;
}

/** What mends a finding. Two plans made from the same facts are equal. */
export interface RemediationPlan {
  readonly action: string;
  readonly risk: Risk;
  readonly target: PlanTarget;
  readonly calls: readonly PlannedCall[];
}
