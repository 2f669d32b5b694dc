import type { Problem } from './problem.ts';

/** A request as it came; nothing of it is read yet. */
export interface ApiRequest {
  readonly method: string;
  /** Whole; what stands before `/v1` in its path is the platform's. */
  readonly url: string;
  readonly headers: Headers;
  readonly body: AsyncIterable<Uint8Array> | null;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is answered is about findings of the moment: nobody keeps it, and nobody takes it for a page. */
const always = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

export function documentAnswer(status: number, document: object, headers: ApiAnswer['headers'] = {}): ApiAnswer {
  return {
    status,
    headers: { ...always, 'Content-Type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(document),
  };
}

/** The answer for whoever holds the version already. */
export function notModified(etag: string): ApiAnswer {
  return { status: 304, headers: { ...always, ETag: etag }, body: '' };
}

export function problemAnswer({ headers, members, ...problem }: Problem): ApiAnswer {
  return {
    status: problem.status,
    headers: { ...always, 'Content-Type': 'application/problem+json', ...headers },
    body: JSON.stringify({ ...problem, ...members }),
  };
}
