import { Refusal } from '../refusal.ts';
import type { WireObject } from '../wire-object.ts';

const known = new Set(['$select', '$top', '$filter', '$count', '$skiptoken']);

/** Refuses every query option that is not understood, by name. */
export function refuseOtherOptions(query: URLSearchParams): void {
  for (const name of query.keys()) {
    if (name.startsWith('$') && !known.has(name)) {
      throw new Refusal(400, 'Request_UnsupportedQuery', `The query option ${name} is not supported here.`);
    }
  }
}

/** Cuts objects down to the members that `$select` names; a member the object lacks is left out. */
export function selectFrom(query: URLSearchParams): (object: WireObject) => WireObject {
  const text = query.get('$select');
  if (text === null || text.trim() === '') return (object) => object;
  const names = text.split(',').map((name) => name.trim());
  return (object) => Object.fromEntries(names.filter((name) => name in object).map((name) => [name, object[name]]));
}
