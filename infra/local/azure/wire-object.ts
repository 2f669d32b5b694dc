/** A JSON object as an Azure API sends it. */
export type WireObject = Record<string, unknown>;

export function isWireObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The string under `key`, or undefined where there is none. */
export function textOf(object: WireObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
}

/** The object under `key`; empty where it is absent, null or of another kind. */
export function objectOf(object: WireObject, key: string): WireObject {
  const value = object[key];
  return isWireObject(value) ? value : {};
}

/** The value at a path of member names (names compared exactly), undefined where the path ends early. */
export function valueAt(object: WireObject, path: readonly string[]): unknown {
  let value: unknown = object;
  for (const name of path) {
    if (!isWireObject(value)) return undefined;
    value = value[name];
  }
  return value;
}

/** What PATCH does in ARM and Graph: objects are merged, every other value (lists too) is replaced, null is kept as null. */
export function mergePatch(target: WireObject, patch: WireObject): WireObject {
  const merged = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    const old = merged[key];
    merged[key] = isWireObject(value) && isWireObject(old) ? mergePatch(old, value) : value;
  }
  return merged;
}

/** Equality as Azure compares ids, names and most directory strings: without case. */
export function sameText(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
