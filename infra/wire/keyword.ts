/**
 * Spells the known words of an enumeration as the API documents them, whatever case they came in (exports from PowerShell
 * capitalise them); every other word is kept as it came.
 */
export function keyword(...known: readonly string[]): (word: string) => string {
  const spelling = new Map(known.map((word) => [word.toLowerCase(), word]));
  return (word) => spelling.get(word.toLowerCase()) ?? word;
}
