import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';

export interface GraphAsked {
  readonly method: string;
  /** As it came, with the query. */
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

export interface GraphReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A local server that answers like Microsoft Graph for one test. */
export async function graphServer(
  answer: (asked: GraphAsked, origin: string) => GraphReply,
): Promise<{ origin: string; seen: GraphAsked[] }> {
  const seen: GraphAsked[] = [];
  let origin = '';
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const asked: GraphAsked = {
        method: request.method ?? '',
        url: request.url ?? '',
        authorization: request.headers.authorization,
        body: text === '' ? undefined : JSON.parse(text),
      };
      seen.push(asked);
      const { status = 200, headers, body } = answer(asked, origin);
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.');
  origin = `http://127.0.0.1:${address.port}`;
  return { origin, seen };
}
