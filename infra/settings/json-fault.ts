/** Where a text stops being JSON, or says the same key twice. */
export interface JsonFault {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  readonly what: string;
}

interface Cursor {
  readonly text: string;
  at: number;
}

/** Thrown inside this file only. */
class FaultFound extends Error {
  override readonly name = 'FaultFound';
  readonly at: number;

  constructor(at: number, what: string) {
    super(what);
    this.at = at;
  }
}

/** Deeper than any settings; deeper text would exhaust the stack. */
const deepest = 100;

const blank = /[ \t\r\n]*/uy;
const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/uy;
const string = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;

/**
 * The first fault of a text that should be JSON; null where there is none. JSON.parse says of some faults only that they
 * are there, and takes the last of two equal keys without a word.
 */
export function jsonFault(text: string): JsonFault | null {
  const cursor: Cursor = { text, at: 0 };
  try {
    readValue(cursor, 0);
    if (cursor.at < text.length) throw new FaultFound(cursor.at, `something follows the end: ${glimpse(cursor)}`);
    return null;
  } catch (error) {
    if (!(error instanceof FaultFound)) throw error;
    const lines = text.slice(0, error.at).split('\n');
    return { line: lines.length, column: (lines.at(-1) ?? '').length + 1, what: error.message };
  }
}

function readValue(cursor: Cursor, depth: number): void {
  if (depth > deepest) throw new FaultFound(cursor.at, 'brackets are nested too deep');
  skip(cursor, blank);
  const next = cursor.text[cursor.at];
  if (next === '{') readEntries(cursor, '}', depth, new Set());
  else if (next === '[') readEntries(cursor, ']', depth, null);
  else if (skip(cursor, string) === null && skip(cursor, scalar) === null) throw expected(cursor, 'a value');
  skip(cursor, blank);
}

/** What stands between brackets. @param keys those read so far; null in a list, which has none */
function readEntries(cursor: Cursor, end: ']' | '}', depth: number, keys: Set<string> | null): void {
  cursor.at += 1;
  skip(cursor, blank);
  if (taken(cursor, end)) return;
  for (;;) {
    if (keys !== null) readKey(cursor, keys);
    readValue(cursor, depth + 1);
    if (taken(cursor, end)) return;
    const comma = cursor.at;
    if (!taken(cursor, ',')) throw expected(cursor, `a comma or "${end}"`);
    skip(cursor, blank);
    if (cursor.text[cursor.at] === end) throw new FaultFound(comma, `no comma may stand before "${end}"`);
  }
}

function readKey(cursor: Cursor, keys: Set<string>): void {
  const at = cursor.at;
  const quoted = skip(cursor, string);
  if (quoted === null) throw expected(cursor, 'a key in double quotes');
  const key = JSON.parse(quoted) as string;
  if (keys.has(key)) throw new FaultFound(at, `${quoted} stands here a second time; take one of the two out`);
  keys.add(key);
  skip(cursor, blank);
  if (!taken(cursor, ':')) throw expected(cursor, `":" after ${quoted}`);
}

function expected(cursor: Cursor, what: string): FaultFound {
  const comment = /^\/[/*]/u.test(cursor.text.slice(cursor.at, cursor.at + 2));
  return new FaultFound(cursor.at, comment ? 'JSON has no comments' : `expected ${what}, found ${glimpse(cursor)}`);
}

function glimpse({ text, at }: Cursor): string {
  if (at >= text.length) return 'the end of the text';
  return text.slice(at, at + 20).split(/\s/u)[0] ?? '';
}

/** Goes past what the pattern matches here, and returns it; null where it does not. */
function skip(cursor: Cursor, pattern: RegExp): string | null {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0] ?? null;
  cursor.at += found?.length ?? 0;
  return found;
}

function taken(cursor: Cursor, character: string): boolean {
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at += 1;
  return true;
}
