import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Environment } from '../../../infra/config.ts';

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Served {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ServedApi {
  readonly address: string;
  /** What a command needs to use it as the embedded cloud's operator would. */
  readonly env: Environment;
  readonly sent: Sent[];
  /** What is answered from now on. */
  answer: (sent: Sent) => Served;
  stop(): Promise<void>;
}

export const token = 'the-operators-token';

/** A server in the place of the API, which answers what a test says. */
export async function servedApi(): Promise<ServedApi> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const sent = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      api.sent.push(sent);
      const { status, headers, body: answered } = api.answer(sent);
      response.writeHead(status, { ...headers }).end(answered);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const api: ServedApi = {
    address: `${origin}/api`,
    env: {
      KERBWATCH_API: `${origin}/api/`,
      KERBWATCH_TOKEN: token,
      KERBWATCH_ARM_ENDPOINT: origin,
      KERBWATCH_GRAPH_ENDPOINT: origin,
    },
    sent: [],
    answer: () => ({ status: 500, body: '' }),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return api;
}

/** A problem as the API answers it. */
export function problem(status: number, title: string, detail: string, more: object = {}): Served {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify({ type: 'urn:kerbwatch:problem:x', title, status, detail, ...more }),
  };
}
