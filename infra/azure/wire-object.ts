import type { WireObject } from '../estate-source.ts';

export function isWireObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object's `id`, null where it has none. */
export function idOf(object: WireObject): string | null {
  const id = object['id'];
  return typeof id === 'string' && id !== '' ? id : null;
}
