import { failureOf, failureOfStatus, MalformedAnswer, type Reading } from '../failure.ts';
import { isWireObject } from '../wire-object.ts';
import type { GraphList } from './collections.ts';
import type { GraphChannel } from './graph-channel.ts';

/**
 * A single object, as a list of one.
 *
 * @throws SignInRefused and AbortError; every other error is the reading's failure.
 */
export async function readObject(graph: GraphChannel, { path, needs }: GraphList): Promise<Reading> {
  try {
    const { status, body } = await graph.send('GET', path);
    if (status !== 200) return { items: [], failure: failureOfStatus(status, needs) };
    if (!isWireObject(body)) throw new MalformedAnswer('Microsoft Graph sent no object.');
    return { items: [body], failure: null };
  } catch (error) {
    return { items: [], failure: failureOf(error, needs) };
  }
}
