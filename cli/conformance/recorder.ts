import { createServer, type IncomingMessage } from 'node:http';

/** A request that came. `path` is path and query, decoded, whatever the caller's way to encode them. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  /** Parsed JSON, its text where it is none, null without a body. */
  readonly body: unknown;
  /** Whether a token came along; it is not kept. */
  readonly hasToken: boolean;
  /** Epoch milliseconds. */
  readonly at: number;
  /** What it was answered, and how long it was told to wait before it asks again. */
  readonly status: number;
  readonly retryAfterMs: number | null;
}

/** An answer in the place of the one that `serve` has, or of a write that would take effect. */
export interface Disturbance {
  readonly to: 'reads' | 'writes';
  readonly status: number;
  /** Where it leads. */
  readonly location?: string;
  readonly retryAfterMs?: number;
  /** How often. */
  readonly times: number;
}

/** Stands for Microsoft Graph and ARM: answers what it is told to, and keeps what was asked. */
export interface Recorder {
  readonly origin: string;
  readonly requests: readonly RecordedRequest[];
  /** Answers GET of this path, in any encoding, with what `answer` gives then. */
  serve(path: string, answer: () => unknown): void;
  /** Answers so from now on, instead of what was said before. */
  disturb(disturbances: readonly Disturbance[]): void;
  stop(): Promise<void>;
}

/** Starts on a free port of 127.0.0.1. */
export async function startRecorder(): Promise<Recorder> {
  const requests: RecordedRequest[] = [];
  const answers = new Map<string, () => unknown>();
  let disturbances: { readonly how: Disturbance; left: number }[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const method = request.method ?? 'GET';
      const path = plainPath(request.url ?? '/');
      const disturbed = disturbanceOf(method);
      const [status, answer] = disturbed === null ? undisturbed(method, path, body) : [disturbed.status, errorBody];
      const hasToken = request.headers.authorization !== undefined;
      const retryAfterMs = disturbed?.retryAfterMs ?? null;
      requests.push({ method, path, body, hasToken, at: Date.now(), status, retryAfterMs });
      response.writeHead(status, { 'Content-Type': 'application/json', ...headersOf(disturbed) });
      response.end(answer === null ? '' : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  function disturbanceOf(method: string): Disturbance | null {
    const to = isWrite({ method }) ? 'writes' : 'reads';
    const found = disturbances.find(({ how, left }) => how.to === to && left > 0);
    if (found === undefined) return null;
    found.left -= 1;
    return found.how;
  }

  function undisturbed(method: string, path: string, body: unknown): readonly [number, unknown] {
    return isWrite({ method }) ? written(method, body) : read(path);
  }

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
    disturb(asked) {
      disturbances = asked.map((how) => ({ how, left: how.times }));
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

export function isWrite({ method }: Pick<RecordedRequest, 'method'>): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

/** A write that was refused changed nothing. */
export function tookEffect(request: RecordedRequest): boolean {
  return isWrite(request) && request.status < 300;
}

/** Path and query as one text in which encodings make no difference. */
export function plainPath(path: string): string {
  const { pathname, searchParams } = new URL(`http://recorder${path.startsWith('/') ? '' : '/'}${path}`);
  const query = [...searchParams].map(([name, value]) => `${name}=${value}`).join('&');
  return `${decoded(pathname)}${query === '' ? '' : `?${query}`}`;
}

const errorBody = { error: { code: 'Disturbed', message: 'As the case wants it' } };

function headersOf(disturbed: Disturbance | null): Readonly<Record<string, string>> {
  const { location, retryAfterMs } = disturbed ?? {};
  return {
    ...(location === undefined ? {} : { Location: location }),
    ...(retryAfterMs === undefined ? {} : { 'Retry-After': String(retryAfterMs / 1000) }),
  };
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
