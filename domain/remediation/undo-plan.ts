import type { StoredJob } from '../audit/ports.ts';
import type { Json } from '../model/verdict.ts';
import type { actionRisks, Risk } from './actions.ts';
import { type Pointers, valueAt } from './guarded-values.ts';
import type { PlannedCall, RemediationPlan } from './plan.ts';
import { checkedGrantId } from './plan-url.ts';

/**
 * What taking an action back may cost. Where it opened something (a consent, an exclusion, a name), taking it back closes
 * that again: nothing is weaker than before, and the finding that opens leads to the same repair. Two put an exclusion of
 * an app back into a policy, which weakens it; one disconnects clients a second time.
 */
const undoRisks: Readonly<Record<keyof typeof actionRisks, Risk>> = {
  'grant-consent': 'safe',
  'add-missing-scopes': 'safe',
  'add-privatelink-uris': 'safe',
  'assignment-not-required': 'safe',
  'add-cloud-group-tag': 'safe',
  'exclude-app-from-policy': 'safe',
  'remove-orphaned-exclusion': 'weakens-security',
  'replace-dangling-exclusion': 'weakens-security',
  'allow-aes256-kerberos': 'disruptive',
};

/** The risk of taking an action back; one that is not known is as bad as can be. */
export function undoRiskOf(action: string): Risk {
  return Object.entries(undoRisks).find(([name]) => name === action)?.[1] ?? 'weakens-security';
}

export function isSafelyUndone(action: string): boolean {
  return undoRiskOf(action) === 'safe';
}

/**
 * The plan that restores what a job recorded, guarded by what it left behind; null where its record does not tell enough.
 * Two made from the same record are equal.
 */
export function undoPlanOf({ job, state, progress }: StoredJob): RemediationPlan | null {
  const [call] = job.plan.calls;
  const write = progress?.write;
  if (call === undefined || write === null || write === undefined || write.after === null) return null;
  if (state !== 'done' && state !== 'undone') return null;
  const { afterwards } = call.reads;
  const url = undoUrl(call, write);
  const method = methodOf(call.undo.method);
  if (afterwards === undefined || url === null || method === null) return null;
  // As it was read then, since a service may keep a list in an order of its own.
  const left = Object.keys(afterwards).map((pointer) => [pointer, valueAt(write.after, pointer) as Json] as const);
  const made = call.undo.url.includes('{id}') ? { '/value/1': null } : {};
  return {
    action: job.plan.action,
    risk: undoRiskOf(job.plan.action),
    target: job.plan.target,
    calls: [
      {
        method,
        url,
        body: bodyOf(call.undo.body),
        permission: call.permission,
        reads: {
          url: call.reads.url,
          expect: { ...Object.fromEntries(left), ...made },
          afterwards: withoutEditTime(call.reads.expect),
        },
        undo: { method: call.method, url: call.url, body: call.body },
        ...(call.after === undefined ? {} : { before: call.after }),
        ...(call.before === undefined ? {} : { after: call.before }),
      },
    ],
  };
}

/** `{id}` is that of what was made: from the answer, or as it was read where the answer was not seen. */
function undoUrl({ undo }: PlannedCall, { answer, after }: { readonly answer: unknown; readonly after: unknown }) {
  if (!undo.url.includes('{id}')) return undo.url;
  const id = valueAt(answer, '/id') ?? valueAt(after, '/value/0/id');
  return typeof id === 'string' ? undo.url.replace('{id}', checkedGrantId(id)) : null;
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
  return Object.fromEntries(Object.entries(expect).filter(([pointer]) => pointer !== '/modifiedDateTime'));
}
