import { Refusal } from '../refusal.ts';
import { sameText, type WireObject } from '../wire-object.ts';

type Predicate = (object: WireObject) => boolean;

const literal = "'((?:[^']|'')*)'";
const startsWith = new RegExp(`^startswith\\(\\s*(\\w+)\\s*,\\s*${literal}\\s*\\)$`, 'i');
const equals = new RegExp(`^(\\w+) eq (?:${literal}|(true|false|null))$`, 'i');
const anyEquals = new RegExp(`^(\\w+)/any\\(\\s*(\\w+)\\s*:\\s*(\\w+) eq ${literal}\\s*\\)$`, 'i');
const searchable = new Set(['identifierUris', 'servicePrincipalNames']);

/**
 * Reads a `$filter`: `startswith(prop,'..')`, `prop eq '..'` (or true, false, null), `identifierUris/any(u:u eq '..')`
 * and `servicePrincipalNames/any(n:n eq '..')`. Quotes are doubled inside strings; strings compare without case.
 *
 * @throws Refusal 400 naming a filter of any other form.
 */
export function parseFilter(text: string): Predicate {
  const filter = text.trim();
  const start = startsWith.exec(filter);
  if (start !== null) {
    const prefix = unquote(start[2]).toLowerCase();
    return (object) => {
      const value = object[start[1] ?? ''];
      return typeof value === 'string' && value.toLowerCase().startsWith(prefix);
    };
  }
  const any = anyEquals.exec(filter);
  if (any?.[1] !== undefined && any[2] === any[3] && searchable.has(any[1])) {
    const property = any[1];
    const wanted = unquote(any[4]);
    return (object) => {
      const values = object[property];
      return Array.isArray(values) && values.some((value) => typeof value === 'string' && sameText(value, wanted));
    };
  }
  const equal = equals.exec(filter);
  if (equal !== null) {
    const property = equal[1] ?? '';
    const word = equal[3]?.toLowerCase();
    if (word !== undefined) return (object) => JSON.stringify(object[property] ?? null) === word;
    const wanted = unquote(equal[2]);
    return (object) => {
      const value = object[property];
      return typeof value === 'string' && sameText(value, wanted);
    };
  }
  throw new Refusal(400, 'Request_UnsupportedQuery', `Unsupported or invalid query filter clause: ${filter}`);
}

function unquote(text = ''): string {
  return text.replaceAll("''", "'");
}
