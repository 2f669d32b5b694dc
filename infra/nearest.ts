/**
 * The candidate that somebody who mistyped `word` probably meant, case ignored: it takes the fewest edits, at most one for
 * every three letters, or the one begins with the other. The first of several equally near; null where none is near.
 */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let fewest = Infinity;
  for (const candidate of candidates) {
    const edits = editsBetween(word.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest) [best, fewest] = [candidate, edits];
  }
  return best;
}

/** Shorter beginnings than this are shared by chance. */
const shortestBeginning = 3;

/** How many edits apart the two are; Infinity for so many that nobody mistypes one as the other. */
function editsBetween(word: string, candidate: string): number {
  const edits = editDistance(word, candidate);
  const longer = Math.max(word.length, candidate.length);
  const near = edits < longer && edits <= Math.max(1, Math.floor(longer / 3));
  return near || beginsWithOther(word, candidate) ? edits : Infinity;
}

function beginsWithOther(word: string, candidate: string): boolean {
  const [shorter, longer] = word.length <= candidate.length ? [word, candidate] : [candidate, word];
  return shorter.length >= shortestBeginning && longer.startsWith(shorter);
}

/** Letters replaced, added or left out, and neighbours swapped (optimal string alignment), a row of the table at a time. */
function editDistance(from: string, to: string): number {
  const letters = Array.from(to);
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: letters.length + 1 }, (_, column) => column);
  let before = '';
  for (const [above, letter] of Array.from(from).entries()) {
    const next = [above + 1];
    for (const [column, other] of letters.entries()) {
      const replaced = (last[column] ?? 0) + (letter === other ? 0 : 1);
      const changed = Math.min(replaced, (last[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1);
      const swapped = above > 0 && column > 0 && letter === letters[column - 1] && before === other;
      next.push(swapped ? Math.min(changed, (beforeLast[column - 1] ?? 0) + 1) : changed);
    }
    [beforeLast, last, before] = [last, next, letter];
  }
  return last.at(-1) ?? 0;
}
