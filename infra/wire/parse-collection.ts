import { type Collection, type CollectionName, type Gap, collected, gapsOf } from '../../domain/model/collection.ts';
import type { WireObject } from '../estate-source.ts';
import { WireMalformed } from './wire-malformed.ts';

/**
 * The collection with every object parsed. One that `parse` refuses with `WireMalformed` is not dropped in silence: it makes
 * the list partial by a gap over its subscription, or over the tenant. Objects repeated under one id, in whatever case, count
 * once: paging repeats rows (domain facts 1.6). Where they contradict each other none counts, and the list is partial too.
 */
export function parseCollection<T>(
  name: CollectionName,
  raw: Collection<WireObject>,
  parse: (object: WireObject) => T,
): Collection<T> {
  if (raw.state === 'unavailable') return raw;
  const items: T[] = [];
  const places = new Map<string, number>();
  const contradicted = new Set<number>();
  const malformedScopes = new Set<string>();
  for (const object of raw.items) {
    const id = idOf(object);
    try {
      const item = parse(object);
      const place = id === null ? undefined : places.get(id);
      if (place === undefined) {
        if (id !== null) places.set(id, items.length);
        items.push(item);
        continue;
      }
      const [before, again] = [JSON.stringify(items[place]), JSON.stringify(item)];
      if (before.toLowerCase() !== again.toLowerCase()) {
        contradicted.add(place);
        malformedScopes.add(scopeOf(id));
      } else if (again > before) {
        items[place] = item; // the same in another spelling: which one is told does not depend on their order
      }
    } catch (error) {
      if (!(error instanceof WireMalformed)) throw error;
      malformedScopes.add(scopeOf(id));
    }
  }
  const malformed = [...malformedScopes].sort().map((scope) => malformedGap(name, scope));
  const believed = contradicted.size === 0 ? items : items.filter((_, place) => !contradicted.has(place));
  return collected(believed, [...gapsOf(raw), ...malformed]);
}

/** The gap that an object leaves which is not what its schema says. */
export function malformedGap(collection: CollectionName, scope: string): Gap {
  return { collection, scope, reason: 'malformed', needs: null };
}

function idOf(object: WireObject): string | null {
  const id = object['id'];
  return typeof id === 'string' ? id.toLowerCase() : null;
}

function scopeOf(id: string | null): string {
  return /^\/subscriptions\/[^/]+/u.exec(id ?? '')?.[0] ?? 'tenant';
}
