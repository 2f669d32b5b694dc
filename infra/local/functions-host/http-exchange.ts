import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { problemAnswer } from '../../api/exchange.ts';
import { problemType } from '../../api/problem.ts';
import { type ProblemKind, statusOf, titleOf } from '../../api/refusals.ts';

/** A response of this host or of a handler, whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export const MAX_BODY_BYTES = 1024 * 1024;

export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';

  constructor() {
    super(`The body is larger than ${String(MAX_BODY_BYTES)} bytes. Send less.`);
  }
}

/** @throws BodyTooLargeError past 1 MiB, which is also what one Event Grid delivery may hold at most */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new BodyTooLargeError();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function jsonAnswer(status: number, body: unknown): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}

/** Problems that this host alone has, beside those that it shares with the API. */
const own = {
  'foreign-origin': [403, 'The request is of another site'],
  'no-function': [404, 'No function has this path'],
  'request-timeout': [408, 'The request came too slowly'],
  expectation: [417, 'What is expected cannot be met'],
  'foreign-host': [421, 'The request is for another server'],
  'large-headers': [431, 'The headers are too large'],
} as const;

/** What this host refuses, in the form that the API has for its problems. */
export function problem(
  kind: ProblemKind | keyof typeof own,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  const [status, title] =
    kind in own ? own[kind as keyof typeof own] : [statusOf(kind as ProblemKind), titleOf(kind as ProblemKind)];
  return problemAnswer({ type: problemType(kind), title, status, detail, headers });
}

/** What cannot even be read as a request, by the code that Node has for it. */
export function unreadable(code: string | undefined): HttpAnswer {
  if (code === 'HPE_HEADER_OVERFLOW') return problem('large-headers', 'Send fewer or shorter headers.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return problem('request-timeout', 'Send the request whole, and again.');
  return problem('request', 'What came is no HTTP request.');
}

/** The bytes of an answer, for a socket that has no response; it is the last on its connection. */
export function answerBytes({ status, headers, body = '' }: HttpAnswer): string {
  const text = body.toString();
  const lines = Object.entries({ ...headers, 'Content-Length': String(Buffer.byteLength(text)), Connection: 'close' });
  const head = lines.map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`, ...head, '', text].join('\r\n');
}

export function writeAnswer(response: ServerResponse, answer: HttpAnswer): void {
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}
