import { itemsOf } from '../model/collection.ts';
import type { Json } from '../model/verdict.ts';
import type { Directory } from '../rules/directory.ts';
import { changesOf } from './plan-changes.ts';
import type { PlannedCall, RemediationPlan } from './plan.ts';

/** An app of the tenant that a plan writes to, or writes into an exclusion or a grant. */
export interface AppOfPlan {
  /** Lower case. */
  readonly appId: string;
  readonly displayName: string;
  /** Of its application and of its principals, lower case. */
  readonly objectIds: readonly string[];
  /** Epoch milliseconds; null: not read. */
  readonly createdAt: number | null;
}

/**
 * The apps that the plan is about, as the directory shows them: whatever its target is, the ids say which. An app that is
 * registered elsewhere, such as Microsoft Graph, is none of them.
 */
export function appsOfPlan(plan: RemediationPlan, directory: Directory): readonly AppOfPlan[] {
  const named = new Set(idsOfPlan(plan));
  return itemsOf(directory.facts.applications).flatMap(({ id, appId, displayName, createdAt }) => {
    const objectIds = [id, ...directory.principalsByAppId(appId).map((principal) => principal.id)];
    return [appId, ...objectIds].some((own) => named.has(own)) ? [{ appId, displayName, objectIds, createdAt }] : [];
  });
}

/** By which its apps can be known: appIds and object ids, among other names; lower case, each once. */
export function idsOfPlan({ target, calls }: RemediationPlan): readonly string[] {
  const written = ['servicePrincipal', 'application'].includes(target.type) ? [target.id] : [];
  return [...new Set([...written, ...calls.flatMap(namesIn)].map((name) => name.toLowerCase()))];
}

/** What the call adds, and what it expects of the object: not what a list holds already. */
function namesIn(call: PlannedCall): readonly string[] {
  const changed = changesOf(call).flatMap((change): readonly Json[] =>
    change.kind === 'list' ? change.added : [change.after],
  );
  return [...changed, ...Object.values(call.reads.expect)].filter((value) => typeof value === 'string');
}
