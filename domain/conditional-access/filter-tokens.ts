/** A piece of a filter rule. `word` is anything bare: a property, an operator, `true`, a number. */
export interface FilterToken {
  readonly kind: 'mark' | 'text' | 'word';
  readonly text: string;
}

const piece = /\s+|([()[\],])|"([^"]*)"|'([^']*)'|([^\s()[\],"']+)/y;
/** How quotes are escaped is documented in parts only, so a rule that may hold an escape is not read at all. */
const escape = /[`\\]|''/;

/** Cuts a rule into pieces; null when it holds something that cannot be read for sure. */
export function filterTokens(rule: string): readonly FilterToken[] | null {
  if (escape.test(rule)) return null;
  const tokens: FilterToken[] = [];
  for (let at = 0; at < rule.length; at = piece.lastIndex) {
    piece.lastIndex = at;
    const match = piece.exec(rule);
    if (match === null) return null;
    const [, mark, double, single, word] = match;
    const text = double ?? single;
    if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
    else if (text !== undefined) tokens.push({ kind: 'text', text });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
  }
  return tokens;
}
