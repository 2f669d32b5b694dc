export type Token =
  | { readonly kind: 'name' | 'symbol'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'datetime'; readonly text: string }
  /** What starts no token of the language that is evaluated here. */
  | { readonly kind: 'unknown'; readonly text: string }
  | { readonly kind: 'end'; readonly text: '' };

const skipped = /(?:\s+|\/\/[^\n]*)*/y;
const datetime = /datetime\(\s*([^()\s]+)\s*\)/y;
const symbol = /in~|=~|[|,().>]/y;
const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const number = /\d+(?:\.\d+)?/y;
const text = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/y;
const anything = /\S{1,20}/y;

/** Splits a query into tokens; the parser refuses the unknown ones where it meets them. */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(query);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(skipped);
    if (at >= query.length) break;
    tokens.push(readToken(take) ?? { kind: 'unknown', text: take(anything)?.[0] ?? '' });
  }
  tokens.push({ kind: 'end', text: '' });
  return tokens;
}

function readToken(take: (pattern: RegExp) => RegExpExecArray | null): Token | undefined {
  const time = take(datetime);
  if (time !== null) return { kind: 'datetime', text: time[1] ?? '' };
  const mark = take(symbol);
  if (mark !== null) return { kind: 'symbol', text: mark[0] };
  const word = take(name);
  if (word !== null) return { kind: 'name', text: word[0] };
  const digits = take(number);
  if (digits !== null) return { kind: 'number', text: digits[0] };
  const quoted = take(text);
  if (quoted !== null) return { kind: 'string', text: unescape(quoted[0].slice(1, -1)) };
  return undefined;
}

function unescape(body: string): string {
  return body.replace(/\\(.)/g, '$1');
}
