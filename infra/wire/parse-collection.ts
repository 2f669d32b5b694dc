import { type Collection, type CollectionName, type Gap, collected, gapsOf } from '../../domain/model/collection.ts';
import type { WireObject } from '../estate-source.ts';
import { WireMalformed } from './wire-malformed.ts';

/**
 * The collection with every object parsed. One that `parse` refuses with `WireMalformed` is not dropped in silence: it makes
 * the list partial by a gap over its subscription, or over the tenant. Objects repeated under one id, in whatever case, count
 * once: paging repeats rows (domain facts 1.6).
 */
export function parseCollection<T>(
  name: CollectionName,
  raw: Collection<WireObject>,
  parse: (object: WireObject) => T,
): Collection<T> {
  if (raw.state === 'unavailable') return raw;
  const items: T[] = [];
  const seen = new Set<string>();
  const malformedScopes = new Set<string>();
  for (const object of raw.items) {
    const id = idOf(object);
    if (id !== null && seen.has(id)) continue;
    try {
      items.push(parse(object));
      if (id !== null) seen.add(id);
    } catch (error) {
      if (!(error instanceof WireMalformed)) throw error;
      malformedScopes.add(scopeOf(id));
    }
  }
  const malformed = [...malformedScopes].sort().map((scope) => malformedGap(name, scope));
  return collected(items, [...gapsOf(raw), ...malformed]);
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
