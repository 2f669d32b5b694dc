/** A string property holds 32,768 UTF-16 units at most; this stays clear of it. */
const partLength = 30_000;

/**
 * A value as JSON in string properties: `body`, and where it is long `body1`, `body2`, … No part ends between the halves
 * of a surrogate pair, which would not survive the journey.
 */
export function packJson(name: string, value: unknown): Record<string, string> {
  const json = JSON.stringify(value);
  const properties: Record<string, string> = {};
  for (let start = 0, part = 0; start < json.length; part += 1) {
    const end = partEnd(json, start);
    properties[partName(name, part)] = json.slice(start, end);
    start = end;
  }
  return properties;
}

/** A row's JSON is not there, or is not JSON: somebody else wrote the row, or part of it. */
export class StoredJsonUnreadable extends Error {
  override readonly name = 'StoredJsonUnreadable';
}

/** The value that `packJson` put there. @throws StoredJsonUnreadable */
export function unpackJson(name: string, properties: Readonly<Record<string, unknown>>): unknown {
  let json = '';
  for (let part = 0; ; part += 1) {
    const text = properties[partName(name, part)];
    if (typeof text !== 'string') break;
    json += text;
  }
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new StoredJsonUnreadable(`Property ${name} of a stored row is not the JSON that was written`, { cause });
  }
}

function partName(name: string, part: number): string {
  return part === 0 ? name : `${name}${String(part)}`;
}

function partEnd(json: string, start: number): number {
  const end = Math.min(start + partLength, json.length);
  const cutsPair = end < json.length && /[\uD800-\uDBFF]/.test(json.charAt(end - 1));
  return cutsPair ? end - 1 : end;
}
