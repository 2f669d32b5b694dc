import type { Gap } from './collection.ts';

/** Each gap once, by collection, scope and reason. */
export function distinctGaps(gaps: Iterable<Gap>): readonly Gap[] {
  const byText = new Map<string, Gap>();
  for (const gap of gaps) {
    byText.set(JSON.stringify([gap.collection, gap.scope, gap.reason, gap.needs]), gap);
  }
  return [...byText].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, gap]) => gap);
}
