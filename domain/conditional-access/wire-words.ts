const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether the entry is an object id or appId, as against a keyword. */
export function isId(entry: string): boolean {
  return guid.test(entry);
}

/** Enum members and keywords are compared without case. */
export function lowered(entries: readonly string[]): ReadonlySet<string> {
  return new Set(entries.map((entry) => entry.toLowerCase()));
}

/** The entries that are not among `known` (lower case), sorted: new enum members, typing errors. */
export function strangers(entries: ReadonlySet<string>, known: ReadonlySet<string>): readonly string[] {
  return [...entries].filter((entry) => !known.has(entry)).sort();
}
