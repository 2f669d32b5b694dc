import type { WireObject } from '../estate-source.ts';
import { SnapshotMalformed } from './snapshot-malformed.ts';

/** The objects of a file with one on each line; blank lines are passed over. Throws `SnapshotMalformed` naming the line. */
export async function* parseNdjson(file: string, lines: AsyncIterable<string>): AsyncGenerator<WireObject, void> {
  let number = 0;
  let failed: { readonly line: string; readonly number: number; readonly cause: unknown } | null = null;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    if (failed !== null) break;
    try {
      yield objectOf(file, number, JSON.parse(line));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // Whether the file was cut off shows only when no line follows.
      failed = { line: line.trim(), number, cause: error };
      continue;
    }
  }
  if (failed === null) return;
  const place = `line ${failed.number} is not JSON`;
  const cutOff = failed.number === number && failed.line.startsWith('{') && !failed.line.endsWith('}');
  const problem = cutOff
    ? `${place}: the file ends in the middle of it, so it was cut off; take the snapshot again`
    : place;
  throw new SnapshotMalformed(file, problem, { cause: failed.cause });
}

/** Each object as one line of such a file. */
export function* formatNdjson(objects: Iterable<WireObject>): Generator<string, void> {
  for (const object of objects) yield JSON.stringify(object);
}

function objectOf(file: string, line: number, value: unknown): WireObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as WireObject;
  throw new SnapshotMalformed(file, `line ${line} is not a JSON object; each line holds one object`);
}
