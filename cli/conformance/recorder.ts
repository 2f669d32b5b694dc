import { createServer, type IncomingMessage } from 'node:http';

/** A request that came. `path` is path and query, decoded, whatever the caller's way to encode them. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  /** Parsed JSON, its text where it is none, null without a body. */
  readonly body: unknown;
}

/** Stands for Microsoft Graph and ARM: answers what it is told to, and keeps what was asked. */
export interface Recorder {
  readonly origin: string;
  readonly requests: readonly RecordedRequest[];
  /** Answers GET of this path, in any encoding, with what `answer` gives then. */
  serve(path: string, answer: () => unknown): void;
  stop(): Promise<void>;
}

/** Starts on a free port of 127.0.0.1. */
export async function startRecorder(): Promise<Recorder> {
  const requests: RecordedRequest[] = [];
  const answers = new Map<string, () => unknown>();
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const method = request.method ?? 'GET';
      const path = plainPath(request.url ?? '/');
      requests.push({ method, path, body });
      const [status, answer] = method === 'GET' ? read(path) : written(method, body);
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(answer === null ? '' : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  function read(path: string): readonly [number, unknown] {
    const answer = answers.get(path);
    return answer === undefined
      ? [404, { error: { code: 'ResourceNotFound', message: 'Not served' } }]
      : [200, answer()];
  }

  return {
    origin: `http://127.0.0.1:${String(port)}`,
    requests,
    serve(path, answer) {
      answers.set(plainPath(path), answer);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Path and query as one text in which encodings make no difference. */
export function plainPath(path: string): string {
  const { pathname, searchParams } = new URL(`http://recorder${path.startsWith('/') ? '' : '/'}${path}`);
  const query = [...searchParams].map(([name, value]) => `${name}=${value}`).join('&');
  return `${decoded(pathname)}${query === '' ? '' : `?${query}`}`;
}

function written(method: string, body: unknown): readonly [number, unknown] {
  return method === 'POST' ? [201, { ...(body as object | null), id: 'made-by-the-recorder' }] : [204, null];
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
