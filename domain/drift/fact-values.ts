/**
 * The value of a watched fact, canonical: a list is sorted and holds nothing twice, and what compares without case is in
 * lower case. null: not set, or not there.
 */
export type FactValue = string | boolean | null | readonly string[];

/** Watched facts by the name of the property. */
export type FactValues = Readonly<Record<string, FactValue>>;

/** What one audit saw of an account. */
export interface SeenFacts {
  readonly values: FactValues;
  /** Properties that could not be read; a name that ends with `*` stands for all that begin so. */
  readonly unread: readonly string[];
}

/** A list as a fact: its order and repetitions do not count. */
export function listFact(items: Iterable<string>): readonly string[] {
  return [...new Set(items)].sort();
}

/** A text that compares without case. */
export function folded(text: string | null): string | null {
  return text === null ? null : text.toLowerCase();
}

/** Whether a property is among those that could not be read. */
export function isUnread(property: string, unread: readonly string[]): boolean {
  return unread.some((entry) => (entry.endsWith('*') ? property.startsWith(entry.slice(0, -1)) : entry === property));
}

/** The same facts have the same text, whatever order they came in. */
export function canonicalText(values: FactValues): string {
  return JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

export function sameFact(a: FactValue, b: FactValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
