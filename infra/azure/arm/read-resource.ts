import type { PipelineResponse } from '@azure/core-rest-pipeline';
import type { WireObject } from '../../estate-source.ts';
import { type Failure, failureOfAnswer, MalformedAnswer, statusOf } from '../failure.ts';
import { isWireObject } from '../wire-object.ts';

/** What a GET of one resource said. Only a 404 for the resource itself or its group proves absence. */
export type ResourceReading =
  | { readonly state: 'found'; readonly resource: WireObject }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly failure: Failure };

/** Hands the raw answer over before the SDK turns names and shapes into its own: we keep what was on the wire. */
export type RawCallback = (response: PipelineResponse) => void;

/**
 * Makes an SDK call and reads the body as it came.
 *
 * @throws SignInRefused and AbortError
 */
export async function readResource(
  call: (onResponse: RawCallback) => Promise<unknown>,
  needs: string,
): Promise<ResourceReading> {
  const answers: PipelineResponse[] = [];
  try {
    await call((response) => answers.push(response));
    const body: unknown = JSON.parse(answers.at(-1)?.bodyAsText ?? '');
    if (!isWireObject(body)) throw new MalformedAnswer('The answer is no JSON object.');
    return { state: 'found', resource: body };
  } catch (error) {
    const status = statusOf(error) ?? answers.at(-1)?.status ?? null;
    if (status !== 404) return { state: 'unreadable', failure: failureOfAnswer(error, status, needs) };
    // 404 is also what a subscription answers that is not in reach: that says nothing of the account.
    if (codeOf(error) !== 'SubscriptionNotFound') return { state: 'absent' };
    return { state: 'unreadable', failure: { reason: 'not-visible', needs: 'Reader on the subscription' } };
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
