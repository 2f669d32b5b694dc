import { actionRisks } from './actions.ts';
import { actionCalls, type CallShape } from './action-calls.ts';
import type { PlannedCall, RemediationPlan } from './plan.ts';
import { IdMalformed } from './plan-url.ts';
import { undoRiskOf } from './undo-risk.ts';

/**
 * What of a plan does not belong to its action: its object, risk, method, path, or a member of the body; null where all do.
 * Asked right before a write, of a plan that was made from fresh facts: a fault in the making of one is found here too.
 */
export function misfitOf({ action, risk, target, calls }: RemediationPlan, kind: 'do' | 'undo'): string | null {
  const [call, ...others] = calls;
  if (call === undefined || others.length > 0) return 'The plan is not one call, and a job writes one object once';
  const known = Object.entries(actionCalls).find(([name]) => name === action)?.[1];
  if (known === undefined) return 'The action of the plan is not known here';
  if (target.type !== known.target) return `The action ${action} does not write a ${target.type}`;
  if (kind === 'do' && risk !== riskOf(action)) return `The risk of the action ${action} is not what the plan says`;
  if (kind === 'undo' && risk === 'safe' && undoRiskOf(action) !== 'safe') {
    return `Taking the action ${action} back is not as safe as the plan says`;
  }
  try {
    return misfitOfCall(call, target.id, known[kind]);
  } catch (error) {
    if (error instanceof IdMalformed) return error.message;
    throw error;
  }
}

function misfitOfCall({ method, url, body, reads }: PlannedCall, targetId: string, shape: CallShape): string | null {
  if (method !== shape.method) return `The action does not call ${method}`;
  if (!shape.isPath(url, targetId, reads.expect)) return 'The call does not go to what the plan is about';
  if (!shape.isBody(body, targetId)) return 'The body of the call is not what the action writes';
  const read = shape.reads(targetId);
  if (reads.url !== read && !reads.url.startsWith(`${read}?$select=`))
    return 'What the call is guarded by is not what it writes';
  if (reads.afterwards === undefined || Object.keys(reads.expect).length === 0) return 'The call is not guarded';
  return null;
}

function riskOf(action: string): string | undefined {
  return Object.entries(actionRisks).find(([name]) => name === action)?.[1];
}
