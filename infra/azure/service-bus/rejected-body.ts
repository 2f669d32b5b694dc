/** Well below the 256 KB that a message may hold, so that its headers fit as well. */
const bodyLimit = 200 * 1024;

export interface RejectedBody {
  readonly bytes: Buffer;
  readonly contentType: string;
  /** How long it was before it was cut. */
  readonly originalBytes: number;
  readonly truncated: boolean;
}

/**
 * What was refused, as it came, so that a person can look at it: text and bytes as they are, a parsed value as JSON, each
 * without the claims, the request and the resource's tags of an Event Grid event, which hold names and addresses of
 * people. Cut where it is too long, never inside a UTF-8 character.
 */
export function rejectedBody(original: unknown): RejectedBody {
  const text = textOf(original);
  const whole = text === null ? Buffer.from(original as Uint8Array) : Buffer.from(text.text);
  const bytes = whole.length > bodyLimit ? whole.subarray(0, cutAt(whole)) : whole;
  return {
    bytes,
    contentType: text === null ? 'application/octet-stream' : text.contentType,
    originalBytes: whole.length,
    truncated: bytes.length < whole.length,
  };
}

/** null for bytes that are no UTF-8. */
function textOf(original: unknown): { readonly text: string; readonly contentType: string } | null {
  const text = original instanceof Uint8Array ? utf8(original) : original;
  if (text === null && original !== null) return null;
  const parsed = typeof text === 'string' ? parsedJson(text) : { value: text };
  if (parsed === null) return { text: cutText(String(text)), contentType: 'text/plain; charset=utf-8' };
  return { text: withoutPeople(parsed.value), contentType: 'application/json; charset=utf-8' };
}

const dropped = new Set(['claims', 'httprequest', 'tags']);

function withoutPeople(value: unknown): string {
  const json = JSON.stringify(value, (name, member: unknown) => {
    if (dropped.has(name.toLowerCase()) && member !== null) return '(dropped)';
    if (typeof member === 'string') return namesPeople.test(member) ? cleanText(member) : member;
    return typeof member === 'bigint' ? String(member) : member;
  }) as string | undefined;
  return json ?? 'null';
}

/** How claims and requests are named in JSON, however often it was put into a string. */
const namesPeople = /\\*"(?:claims|httpRequest|tags)\\*"\s*:/iu;

/** JSON inside a string is cleaned like any other. */
function cleanText(text: string): string {
  const parsed = parsedJson(text);
  return parsed === null ? cutText(text) : withoutPeople(parsed.value);
}

/** Where text that is no JSON comes to name people, nobody can tell where that ends. */
function cutText(text: string): string {
  const start = text.search(namesPeople);
  return start < 0 ? text : `${text.slice(0, start)}(dropped)`;
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function parsedJson(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** The last place at or before the limit where a UTF-8 character begins. */
function cutAt(bytes: Buffer): number {
  let end = bodyLimit;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return end;
}
