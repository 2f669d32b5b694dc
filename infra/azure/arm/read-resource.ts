import type { PipelineResponse } from '@azure/core-rest-pipeline';
import type { WireObject } from '../../estate-source.ts';
import { type Failure, failureOfAnswer, failureOfStatus, MalformedAnswer, statusOf } from '../failure.ts';
import { isWireObject } from '../wire-object.ts';

/** What a GET of one resource said. Only a 404 for the resource itself or its group proves absence. */
export type ResourceReading =
  | { readonly state: 'found'; readonly resource: WireObject }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly failure: Failure };

/** Hands the raw answer over before the SDK turns names and shapes into its own: we keep what was on the wire. */
export type RawCallback = (response: PipelineResponse) => void;

/** ARM's codes for a resource, its parent or its group that is not there. */
const absences: ReadonlySet<string> = new Set(['ResourceNotFound', 'ParentResourceNotFound', 'ResourceGroupNotFound']);

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
    await call((response) => answers.push(response)).catch((error: unknown) => {
      // An object that the SDK's own types have no place for was on the wire all the same.
      if (answers.at(-1)?.status !== 200) throw error;
    });
    const body: unknown = JSON.parse(answers.at(-1)?.bodyAsText ?? '');
    if (!isWireObject(body)) throw new MalformedAnswer('The answer is no JSON object.');
    return { state: 'found', resource: body };
  } catch (error) {
    const status = statusOf(error) ?? answers.at(-1)?.status ?? null;
    if (status !== 404) return { state: 'unreadable', failure: failureOfAnswer(error, status, needs) };
    const code = codeOf(error);
    if (typeof code === 'string' && absences.has(code)) return { state: 'absent' };
    // 404 is also what a subscription out of reach, an unknown route or a gateway answers: that says nothing of the account.
    return {
      state: 'unreadable',
      failure:
        code === 'SubscriptionNotFound'
          ? { reason: 'not-visible', needs: 'Reader on the subscription' }
          : failureOfStatus(status, needs),
    };
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
