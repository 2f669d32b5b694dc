import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

import { verifySignature } from '../alerts/signature.ts';
import { type AlertEvent, parseAlertEvent } from '../messages/alert.ts';
import { foreignCaller } from './foreign-caller.ts';

export interface ReceivedAlert {
  readonly alert: AlertEvent;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** A security team's end of the webhook: checks the signature and the contract, as any receiver should. */
export interface WebhookReceiver {
  readonly url: string;
  /** Oldest first; only those whose signature was right. */
  readonly alerts: readonly ReceivedAlert[];
  stop(): Promise<void>;
}

export interface WebhookReceiverOptions {
  readonly secret: string;
  readonly onAlert: (alert: ReceivedAlert) => void;
}

const bodyLimit = 256 * 1024;

/** Starts a receiver on a free port of the loopback address. */
export async function startWebhookReceiver({ secret, onAlert }: WebhookReceiverOptions): Promise<WebhookReceiver> {
  const alerts: ReceivedAlert[] = [];
  const server = createServer((request, response) => {
    const foreign = foreignCaller(request, request.socket.localPort ?? 0);
    if (foreign !== null) {
      request.resume();
      response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end(foreign.reason);
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bodyLimit) chunks.push(chunk);
    });
    request.on('end', () => {
      response.statusCode = size > bodyLimit ? 413 : accept(Buffer.concat(chunks).toString('utf8'));
      response.end();
    });

    function accept(body: string): number {
      const signature = request.headers['x-signature'];
      if (typeof signature !== 'string' || !verifySignature(signature, body, secret, Date.now())) return 401;
      try {
        const received = { alert: parseAlertEvent(body), receivedAt: Date.now() };
        alerts.push(received);
        onAlert(received);
        return 204;
      } catch {
        return 400;
      }
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/alerts`,
    alerts,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
