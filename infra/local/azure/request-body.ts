import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

const limit = 1024 * 1024;

/**
 * Reads a JSON body of at most 1 MB; undefined where there is none.
 *
 * @throws Refusal 413 for a larger one, 400 for one that is not JSON.
 */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const text = await readTextBody(request);
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'BadRequest', 'The request body is not JSON.');
  }
}

/**
 * Reads a body of at most 1 MB; empty where there is none.
 *
 * @throws Refusal 413 for a larger one.
 */
export async function readTextBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // What is too much is read and dropped, so that the caller gets to see the answer.
    if (size <= limit) chunks.push(chunk);
  }
  if (size > limit) throw new Refusal(413, 'RequestEntityTooLarge', 'The request body is larger than 1 MB.');
  return Buffer.concat(chunks).toString();
}
