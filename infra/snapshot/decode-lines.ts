import { TextDecoder } from 'node:util';
import { SnapshotMalformed } from './snapshot-malformed.ts';

/**
 * The lines of a text file that comes in chunks: UTF-8, or UTF-16 of either byte order with a byte-order mark. Lines end with
 * LF or CRLF, nothing else (JSON may hold U+2028). Throws `SnapshotMalformed` naming `file` for bytes that are no text.
 * @param again what to do about a file that was cut off
 */
export async function* decodeLines(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  again = 'take the snapshot again',
): AsyncGenerator<string, void> {
  let decoder: TextDecoder | null = null;
  let held: Uint8Array = new Uint8Array();
  let rest = '';
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (decoder === null) {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      if (held.length < 2) continue;
      decoder = decoderFor(file, held);
      bytes = held;
    }
    const lines = (rest + decode(file, decoder, bytes, again)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield withoutReturn(line);
  }
  decoder ??= new TextDecoder('utf-8', { fatal: true });
  rest += decode(file, decoder, held.length < 2 ? held : null, again);
  if (rest !== '') yield withoutReturn(rest);
}

function decoderFor(file: string, [first, second]: Uint8Array): TextDecoder {
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le', { fatal: true });
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be', { fatal: true });
  if (first === 0 || second === 0) {
    throw new SnapshotMalformed(file, 'looks like UTF-16 without a byte-order mark; save it as UTF-8');
  }
  return new TextDecoder('utf-8', { fatal: true });
}

/** null ends the text: what is left undecoded then is a character cut in two. */
function decode(file: string, decoder: TextDecoder, bytes: Uint8Array | null, again: string): string {
  try {
    return bytes === null ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch (cause) {
    const problem =
      bytes === null
        ? `ends in the middle of a character, so it was cut off; ${again}`
        : `holds bytes that are not ${decoder.encoding.toUpperCase()}; save it as UTF-8`;
    throw new SnapshotMalformed(file, problem, { cause });
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
