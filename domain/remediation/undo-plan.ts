import type { Json } from '../model/verdict.ts';
import type { PolicyAsRead } from '../model/conditional-access-policy.ts';
import { type Pointers, valueAt } from './guarded-values.ts';
import type { JobWrite } from './job-progress.ts';
import type { PlannedCall, RemediationPlan } from './plan.ts';
import { isGrantId } from './plan-url.ts';
import { undoRiskOf } from './undo-risk.ts';
import type { WriteRecord } from './write-record.ts';

/** A policy as it is now, where a policy was written. */
export type PolicyNow = Pick<PolicyAsRead, 'modifiedDateTime'>;

const editTime = '/modifiedDateTime';

/**
 * The plan that restores what a job recorded, guarded by what it left behind; null where its record does not tell enough.
 * A policy that somebody has edited since may do something else to whom it is for again, so that a person weighs it, and what
 * they approve is for that edition alone. Two made from the same record and edition are equal.
 * @param policy null for what is no policy
 */
export function undoPlanOf({ plan, write }: WriteRecord, policy: PolicyNow | null): RemediationPlan | null {
  const [call] = plan.calls;
  if (call === undefined || write === null || write.after === null) return null;
  const { afterwards } = call.reads;
  const isMade = call.undo.url.includes('{id}');
  const madeId = isMade ? idOfMade(write) : null;
  const url = isMade ? madeId && call.undo.url.replace('{id}', madeId) : call.undo.url;
  const method = methodOf(call.undo.method);
  if (afterwards === undefined || url === null || method === null) return null;
  const isPolicy = plan.target.type === 'conditionalAccessPolicy';
  if (isPolicy && policy === null) return null;
  // As it was read then, since a service may keep a list in an order of its own.
  const left = Object.keys(afterwards).map((pointer) => [pointer, valueAt(write.after, pointer) as Json] as const);
  // What is deleted is what is there, and nothing else is.
  const made = isMade ? { '/value/0/id': madeId, '/value/1': null } : {};
  const edition = policy === null ? {} : { [editTime]: policy.modifiedDateTime };
  const risk = undoRiskOf(plan.action);
  return {
    action: plan.action,
    risk: policy !== null && risk === 'safe' && isEditedSince(write, policy) ? 'disruptive' : risk,
    target: plan.target,
    calls: [
      {
        method,
        url,
        body: bodyOf(call.undo.body),
        permission: call.permission,
        reads: {
          url: call.reads.url,
          expect: { ...Object.fromEntries(left), ...made, ...edition },
          afterwards: withoutEditTime(call.reads.expect),
        },
        undo: { method: call.method, url: call.url, body: call.body },
        ...(call.after === undefined ? {} : { before: call.after }),
        ...(call.before === undefined ? {} : { after: call.before }),
      },
    ],
  };
}

/** One without a time of its last edit may have been edited. */
function isEditedSince({ after }: JobWrite, { modifiedDateTime }: PolicyNow): boolean {
  return modifiedDateTime === null || valueAt(after, editTime) !== modifiedDateTime;
}

/** The id of what was made: from the answer, or as it was read where the answer was not seen. */
function idOfMade({ answer, after }: JobWrite): string | null {
  const id = valueAt(answer, '/id') ?? valueAt(after, '/value/0/id');
  return typeof id === 'string' && isGrantId(id) ? id : null;
}

function methodOf(method: string): PlannedCall['method'] | null {
  return (['POST', 'PATCH', 'PUT', 'DELETE'] as const).find((one) => one === method) ?? null;
}

function bodyOf(body: Json): Readonly<Record<string, Json>> {
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? (body as Readonly<Record<string, Json>>)
    : {};
}

/** The undo is an edit of its own. */
function withoutEditTime(expect: Pointers): Pointers {
  return Object.fromEntries(Object.entries(expect).filter(([pointer]) => pointer !== editTime));
}
