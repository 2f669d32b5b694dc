import { Refusal } from '../refusal.ts';
import type { WireObject } from '../wire-object.ts';

const known = new Set(['$select', '$top', '$filter', '$count', '$skiptoken', '$expand']);

/** Only there when selected, or expanded. */
const hiddenMembers = ['customSecurityAttributes', 'owners'];

/** An expanded list holds so many objects at most, and no link to the others. */
const largestExpansion = 20;

/** Refuses every query option that is not understood, by name. */
export function refuseOtherOptions(query: URLSearchParams): void {
  for (const name of query.keys()) {
    if (name.startsWith('$') && !known.has(name)) {
      throw new Refusal(400, 'Request_UnsupportedQuery', `The query option ${name} is not supported here.`);
    }
  }
}

/**
 * Gives objects as `$select` and `$expand` want them; a member the object lacks is left out. To a caller who may not see
 * security attributes they are null, as in Microsoft Graph.
 *
 * @throws Refusal 400 for an expansion other than of owners
 */
export function selectFrom(query: URLSearchParams, attributesForbidden: boolean): (object: WireObject) => WireObject {
  const names = namesIn(query.get('$select'));
  const expand = ownersIn(query.get('$expand'));
  return (object) => ({ ...selected(object, names, attributesForbidden), ...expand(object) });
}

function selected(object: WireObject, names: readonly string[] | null, attributesForbidden: boolean): WireObject {
  if (names === null) {
    return Object.fromEntries(Object.entries(object).filter(([name]) => !hiddenMembers.includes(name)));
  }
  const chosen = names
    .filter((name) => name in object && name !== 'owners')
    .map((name) => [name, object[name]] as const);
  const attributes = names.includes('customSecurityAttributes')
    ? { customSecurityAttributes: attributesForbidden ? null : (object['customSecurityAttributes'] ?? null) }
    : {};
  return { ...Object.fromEntries(chosen), ...attributes };
}

function ownersIn(text: string | null): (object: WireObject) => WireObject {
  if (text === null) return () => ({});
  const [whole, members] = /^owners(?:\(\$select=([\w,]+)\))?$/.exec(text) ?? [];
  if (whole === undefined) {
    throw new Refusal(400, 'Request_UnsupportedQuery', `The expansion '${text}' is not supported here.`);
  }
  const names = namesIn(members ?? null);
  return ({ owners }) => ({
    owners: (Array.isArray(owners) ? (owners as WireObject[]) : [])
      .slice(0, largestExpansion)
      .map((owner) => ({ ...pick(owner, ['@odata.type']), ...(names === null ? owner : pick(owner, names)) })),
  });
}

/** Those of the named members that the object has. */
export function pick(object: WireObject, names: readonly string[]): WireObject {
  return Object.fromEntries(names.filter((name) => name in object).map((name) => [name, object[name]]));
}

function namesIn(text: string | null): string[] | null {
  if (text === null || text.trim() === '') return null;
  return text.split(',').map((name) => name.trim());
}
