import type { WireObject } from '../../estate-source.ts';
import { failureOf, failureOfStatus, MalformedAnswer, type Reading } from '../failure.ts';
import { ownLink } from '../foreign-link.ts';
import { idOf, isWireObject } from '../wire-object.ts';
import type { GraphList } from './collections.ts';
import type { GraphChannel } from './graph-channel.ts';

/**
 * All objects of a list, following `@odata.nextLink` to the letter on the endpoint's own origin; one per lower-cased id.
 * Where the list is refused as it is asked for, its plainer forms are asked for instead, one after another.
 *
 * @throws SignInRefused and AbortError; every other error is the reading's failure, with the objects read so far.
 */
export async function readAllPages(graph: GraphChannel, { path, plainer, needs }: GraphList): Promise<Reading> {
  const objects = new Map<string, WireObject>();
  const asked = new Set<string>();
  const plainerLeft = [...(plainer ?? [])];
  let first = path;
  let next: string | null = path;
  try {
    while (next !== null) {
      if (asked.has(next)) throw new MalformedAnswer('Microsoft Graph sent the same next link twice.');
      asked.add(next);
      const { status, body } = await graph.send('GET', next);
      if (next === first && (status === 400 || status === 403)) {
        const instead = plainerLeft.shift();
        if (instead !== undefined) {
          first = instead;
          next = instead;
          continue;
        }
      }
      if (status !== 200) return { items: [...objects.values()], failure: failureOfStatus(status, needs) };
      const value = isWireObject(body) ? body['value'] : null;
      if (!isWireObject(body) || !Array.isArray(value)) throw new MalformedAnswer('Microsoft Graph sent no list.');
      for (const item of value as readonly unknown[]) {
        const id = isWireObject(item) ? idOf(item) : null;
        if (!isWireObject(item) || id === null)
          throw new MalformedAnswer('Microsoft Graph sent an object without an id.');
        objects.set(id.toLowerCase(), item);
      }
      next = nextLinkOf(graph.origin, body);
    }
    return { items: [...objects.values()], failure: null };
  } catch (error) {
    return { items: [...objects.values()], failure: failureOf(error, needs) };
  }
}

function nextLinkOf(origin: string, page: WireObject): string | null {
  const link = page['@odata.nextLink'];
  if (link === undefined || link === null) return null;
  if (typeof link !== 'string') throw new MalformedAnswer('Microsoft Graph sent a next link that is no text.');
  return ownLink(origin, link);
}
