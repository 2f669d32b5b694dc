import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { foreignCaller } from '../foreign-caller.ts';
import { HostPortInUseError } from './errors.ts';
import { answerBytes, problem, unreadable, writeAnswer, type HttpAnswer } from './http-exchange.ts';

export interface HttpListener {
  readonly port: number;
  /** Takes no more requests and resolves once those under way are answered. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/**
 * Listens on 127.0.0.1; requests with a foreign Host get 421, those with a foreign Origin 403. Port 0 picks a free one.
 * @throws HostPortInUseError
 */
export async function startHttpListener(
  port: number,
  answer: (request: IncomingMessage) => Promise<HttpAnswer>,
): Promise<HttpListener> {
  // Without a Host the answer is ours, as for any other that is not this server.
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    void respond(request, response);
  });
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    writeAnswer(response, problem('expectation', 'Send the request without the header Expect.'));
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const foreign = foreignCaller(request, request.socket.localPort ?? 0);
    if (foreign !== null) {
      const kind = foreign.header === 'Host' ? 'foreign-host' : 'foreign-origin';
      writeAnswer(response, problem(kind, `This host answers requests of this machine only. ${foreign.reason}`));
      return;
    }
    try {
      writeAnswer(response, await answer(request));
    } catch (error) {
      if (response.headersSent) response.destroy();
      else writeAnswer(response, problem('internal', error instanceof Error ? error.message : String(error)));
    }
  }

  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (socket.writable) socket.end(answerBytes(unreadable(error.code)));
    else socket.destroy();
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(cause.code === 'EADDRINUSE' ? new HostPortInUseError(port, { cause }) : cause);
    });
    server.listen(port, HOST, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}
