import { canonicalJson } from '../model/canonical-json.ts';
import type { Json } from '../model/verdict.ts';

export type Pointers = Readonly<Record<string, Json>>;

/** The value at a JSON pointer (RFC 6901); null where there is none, so that `null` expects absence. */
export function valueAt(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, token) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, token)
          ? ((value as Readonly<Record<string, unknown>>)[token] ?? null)
          : null,
      document,
    );
}

/** Whether every value is there to the letter: the precondition of a write. */
export function showsExactly(document: unknown, expected: Pointers): boolean {
  return Object.entries(expected).every(([pointer, value]) => exact(valueAt(document, pointer)) === exact(value));
}

/** Whether what was written is there. */
export function showsWritten(document: unknown, written: Pointers): boolean {
  return Object.entries(written).every(([pointer, value]) => sameValue(valueAt(document, pointer), value));
}

/**
 * Whether two values are the same to a service, which keeps the entries of a list, and the words of a text, but not always
 * their order or what is between them.
 */
export function sameValue(one: unknown, other: unknown): boolean {
  return canonicalJson(inWords(one)) === canonicalJson(inWords(other));
}

/** Members in one order; lists keep theirs. */
function exact(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}

/** Scopes are separated by spaces, SMB settings by semicolons. */
function inWords(value: unknown): unknown {
  if (typeof value === 'string') return { words: value.split(/[\s;]+/u).filter((word) => word !== '') };
  if (Array.isArray(value)) return value.map(inWords);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inWords(member)]));
}
