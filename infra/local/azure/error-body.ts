import type { ApiKind } from './caller.ts';
import type { Refusal } from './refusal.ts';

/** An error in the form of the API that was asked: ARM and Resource Graph share one, Graph adds `innerError`. */
export function errorBody(refusal: Refusal, kind: ApiKind, now: Date, requestId: string): { error: object } {
  const { code, message, details } = refusal;
  if (kind !== 'graph') return { error: { code, message, ...(details.length === 0 ? {} : { details }) } };
  const innerError = {
    date: now.toISOString().slice(0, 19),
    'request-id': requestId,
    'client-request-id': requestId,
  };
  return { error: { code, message, innerError } };
}
