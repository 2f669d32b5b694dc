/** How wide text for a terminal is: what fits an ordinary window, and is not tiring to read in a wide one. */
export const lineWidth = 100;

/** The words of a text in lines of at most `width` characters; a longer word has a line of its own. */
export function wrap(words: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A paragraph behind a mark, such as `- `, the lines below it as far to the right. */
export function hanging(mark: string, text: string, width: number = lineWidth): readonly string[] {
  return wrap(text.split(/\s+/u), width - mark.length).map(
    (line, index) => `${index === 0 ? mark : ' '.repeat(mark.length)}${line}`,
  );
}
