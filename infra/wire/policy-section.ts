import { z } from 'zod';

/** A part of a policy with its known members read, and the names of set members that we do not know. */
export interface PolicySection<T> {
  readonly known: T;
  /** Sorted. */
  readonly unread: readonly string[];
}

/**
 * The schema of a part of a Conditional Access policy. A missing part is one in which nothing is set. Members that `shape`
 * does not name are reported when they are set, so that what we cannot read never passes for harmless.
 */
export function policySection<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = new Set(Object.keys(shape));
  return z.preprocess(
    (part) => part ?? {},
    z
      .looseObject(shape)
      .transform((known): PolicySection<typeof known> => ({ known, unread: unreadNames(known, names) })),
  );
}

function unreadNames(part: object, names: ReadonlySet<string>): readonly string[] {
  return Object.entries(part)
    .filter(([name, value]) => !names.has(name) && !isAnnotation(name) && isSet(value))
    .map(([name]) => name)
    .sort();
}

/**
 * Whether a value says anything: null, the empty text, the empty list, and an object of which nothing is set do not.
 * Annotations (`@odata.type`, `includeUsers@odata.context`) count as nothing.
 */
export function isSet(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value !== 'object') return true;
  return Object.entries(value).some(([name, member]) => !isAnnotation(name) && isSet(member));
}

function isAnnotation(name: string): boolean {
  return name.includes('@');
}
