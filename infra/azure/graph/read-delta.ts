import type { WireObject } from '../../estate-source.ts';
import { failureOf, failureOfStatus, MalformedAnswer, type Failure } from '../failure.ts';
import { ForeignNextLink, ownLink } from '../foreign-link.ts';
import { idOf, isWireObject } from '../wire-object.ts';
import type { GraphDelta } from './delta-lists.ts';
import type { GraphChannel } from './graph-channel.ts';

/** `whole`: read from the start, so that the items are all there is and not what has changed. */
export type DeltaAnswer =
  | { readonly state: 'read'; readonly link: string; readonly whole: boolean }
  | { readonly state: 'failed'; readonly failure: Failure };

/** 410 says that a token has expired. A stored link that is refused as it stands or leads nowhere never heals either. */
const expiredStatuses = [400, 404, 410];

/**
 * Follows a delta from a stored delta link, or from the start where there is none or it is of no use any more, page by
 * page to the new delta link. Links are opaque, and followed on the endpoint's own origin only.
 *
 * @param mayStartOver whether a stored link that is of no use leads to the start; where not, the answer is a failure.
 * @param onItem called for each item of a page; all items of a reading that fails, or starts over, count for nothing.
 * @param onStart called before the first page, and again when the reading starts over.
 * @throws SignInRefused and AbortError; every other error is the answer's failure.
 */
export async function readDelta(
  graph: GraphChannel,
  { path, needs }: GraphDelta,
  stored: string | null,
  {
    mayStartOver,
    onStart,
    onItem,
  }: {
    readonly mayStartOver: boolean;
    readonly onStart: (whole: boolean) => void;
    readonly onItem: (item: WireObject) => void;
  },
): Promise<DeltaAnswer> {
  try {
    if (stored !== null && isOwn(graph.origin, stored)) {
      onStart(false);
      const answer = await follow(graph, stored, needs, onItem);
      if (answer !== 'expired') return answer.state === 'read' ? { ...answer, whole: false } : answer;
      if (!mayStartOver) return { state: 'failed', failure: { reason: 'server-error', needs: null } };
    }
    onStart(true);
    const answer = await follow(graph, path, needs, onItem);
    if (answer === 'expired') return { state: 'failed', failure: { reason: 'server-error', needs: null } };
    return answer.state === 'read' ? { ...answer, whole: true } : answer;
  } catch (error) {
    return { state: 'failed', failure: failureOf(error, needs) };
  }
}

type Followed = { readonly state: 'read'; readonly link: string } | Extract<DeltaAnswer, { state: 'failed' }>;

async function follow(
  graph: GraphChannel,
  first: string,
  needs: string,
  onItem: (item: WireObject) => void,
): Promise<Followed | 'expired'> {
  const asked = new Set<string>();
  let next = first;
  for (;;) {
    if (asked.has(next)) throw new MalformedAnswer('Microsoft Graph sent the same next link twice.');
    asked.add(next);
    const { status, body } = await graph.send('GET', next);
    if (expiredStatuses.includes(status)) return 'expired';
    if (status !== 200) return { state: 'failed', failure: failureOfStatus(status, needs) };
    const value = isWireObject(body) ? body['value'] : null;
    if (!isWireObject(body) || !Array.isArray(value)) throw new MalformedAnswer('Microsoft Graph sent no list.');
    for (const item of value as readonly unknown[]) {
      if (!isWireObject(item) || idOf(item) === null) {
        throw new MalformedAnswer('Microsoft Graph sent an object without an id.');
      }
      onItem(item);
    }
    const delta = linkIn(graph.origin, body, '@odata.deltaLink');
    if (delta !== null) return { state: 'read', link: delta };
    const following = linkIn(graph.origin, body, '@odata.nextLink');
    if (following === null) throw new MalformedAnswer('Microsoft Graph sent a page of a delta without a link.');
    next = following;
  }
}

function linkIn(origin: string, page: WireObject, member: string): string | null {
  const link = page[member];
  if (link === undefined || link === null) return null;
  if (typeof link !== 'string') throw new MalformedAnswer(`Microsoft Graph sent a ${member} that is no text.`);
  return ownLink(origin, link);
}

/** A link of another cloud or of somebody else's making is not followed, and never will be. */
function isOwn(origin: string, link: string): boolean {
  try {
    ownLink(origin, link);
    return true;
  } catch (error) {
    if (error instanceof ForeignNextLink) return false;
    throw error;
  }
}
