import type { CollectionName } from '../../../../domain/model/collection.ts';
import type { WireObject } from '../wire-object.ts';
import { pick } from './select.ts';

/** A list as one caller saw it when a delta ended: by key, the selected members as JSON. */
export interface SeenList {
  readonly name: CollectionName;
  /** null: every member. */
  readonly members: readonly string[] | null;
  readonly objects: ReadonlyMap<string, { readonly id: string; readonly json: string }>;
}

/** A delta that is being read page by page: what is still to be told, and what will have been seen then. */
export interface DeltaUnderWay {
  readonly seen: SeenList;
  readonly items: readonly WireObject[];
}

/** What delta and skip tokens stand for. The eldest are forgotten, as the service forgets them after days. */
export interface DeltaTokens {
  ended(seen: SeenList): string;
  underWay(delta: DeltaUnderWay): string;
  seenBy(token: string): SeenList | undefined;
  deltaOf(token: string): DeltaUnderWay | undefined;
  /** Forgets every token: who comes with one has to start over. */
  expire(): void;
}

const keptAtMost = 200;

export function createDeltaTokens(newGuid: () => string): DeltaTokens {
  const ended = new Map<string, SeenList>();
  const underWay = new Map<string, DeltaUnderWay>();
  return {
    ended: (seen) => keep(ended, seen),
    underWay: (delta) => keep(underWay, delta),
    seenBy: (token) => ended.get(token),
    deltaOf: (token) => underWay.get(token),
    expire() {
      ended.clear();
      underWay.clear();
    },
  };

  function keep<T>(tokens: Map<string, T>, value: T): string {
    const [eldest] = tokens.keys();
    if (tokens.size >= keptAtMost && eldest !== undefined) tokens.delete(eldest);
    const token = Buffer.from(newGuid()).toString('base64url');
    tokens.set(token, value);
    return token;
  }
}

/** A list as it is now. */
export function seeList(
  name: CollectionName,
  members: readonly string[] | null,
  collection: ReadonlyMap<string, WireObject>,
): SeenList {
  const objects = [...collection].map(([key, object]) => {
    const shown = members === null ? object : pick(object, members);
    return [key, { id: String(object['id']), json: JSON.stringify(shown) }] as const;
  });
  return { name, members, objects: new Map(objects) };
}

/**
 * What a change log would say since then, worked out by comparing, so that a change made straight on the tenant counts as
 * well: objects that are new or other than they were, then those that are gone.
 */
export function changesSince(before: SeenList | null, now: SeenList): WireObject[] {
  const changed = [...now.objects].flatMap(([key, { id, json }]) =>
    before?.objects.get(key)?.json === json ? [] : [{ ...(JSON.parse(json) as WireObject), id }],
  );
  const gone = [...(before?.objects ?? [])].flatMap(([key, { id }]) =>
    now.objects.has(key) ? [] : [{ id, '@removed': { reason: 'changed' } }],
  );
  return [...changed, ...gone];
}
