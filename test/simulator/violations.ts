/** What did not hold, a sentence for each, once. */
export interface Violations extends Iterable<string> {
  add(sentence: string): void;
  /** Each with when it was so, as far as it says, or when it was found. */
  timed(): readonly { readonly sentence: string; readonly at: number }[];
}

/**
 * What is found while it happens is of then; what is found when all is over says in its words when it was.
 */
export function createViolations(now: () => number): Violations & { over(): void } {
  const found = new Map<string, number>();
  let isOver = false;
  return {
    [Symbol.iterator]: () => found.keys(),
    add(sentence) {
      if (!found.has(sentence)) found.set(sentence, isOver ? (instantIn(sentence) ?? now()) : now());
    },
    timed: () => [...found].map(([sentence, at]) => ({ sentence, at })),
    over() {
      isOver = true;
    },
  };
}

/** The first instant that a sentence names. */
function instantIn(sentence: string): number | null {
  const [text] = /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(sentence) ?? [];
  return text === undefined ? null : Date.parse(text);
}
