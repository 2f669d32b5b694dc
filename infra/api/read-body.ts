import { refused } from './refusals.ts';
import type { ApiRequest } from './exchange.ts';

/** No operation needs more. */
export const mostBodyBytes = 64 * 1024;

/**
 * The bytes of a body.
 * @throws RequestRefused for one that is too large: by what its header says before anything is read, and as it arrives.
 */
export async function readBody({ headers, body }: Pick<ApiRequest, 'headers' | 'body'>): Promise<Uint8Array> {
  if (Number(headers.get('content-length') ?? 0) > mostBodyBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The JSON of a body. @throws RequestRefused for a coded one, another content type, other text than UTF-8, and what is no JSON. */
export function jsonOf(bytes: Uint8Array, headers: Headers): unknown {
  const coding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (coding !== '' && coding !== 'identity') {
    const asItIs = { headers: { 'Accept-Encoding': 'identity' } };
    throw refused('media-type', 'Send the body as it is, without Content-Encoding: none is taken apart.', asItIs);
  }
  const type = headers.get('content-type') ?? '';
  if (!/^application\/json *(?:; *charset="?utf-8"? *)?$/iu.test(type.trim())) {
    throw refused('media-type', 'Send the body as Content-Type: application/json, in UTF-8.');
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw refused('request', 'The body is no JSON in UTF-8.');
  }
}

function tooLarge() {
  return refused('too-large', `A body holds ${String(mostBodyBytes)} bytes at most; nothing of it was taken.`);
}
