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
  readonly reads: { readonly url: string; readonly expect: Readonly<Record<string, Json>> };
  /** `{id}` in the url stands for the id in the answer of the call. */
  readonly undo: { readonly method: string; readonly url: string; readonly body: Json };
}

/** What mends a finding. Two plans made from the same facts are equal. */
export interface RemediationPlan {
  readonly action: string;
  readonly risk: Risk;
  readonly target: PlanTarget;
  readonly calls: readonly PlannedCall[];
}
