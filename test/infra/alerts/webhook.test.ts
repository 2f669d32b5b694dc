import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { sign, verifySignature } from '../../../infra/alerts/signature.ts';
import { deliverWebhook, WebhookFailed, WebhookUrlRefused } from '../../../infra/alerts/webhook.ts';

const now = Date.UTC(2026, 10, 21, 12) + 999;
const secret = 'the secret';
const body = '{"type":"kerbwatch.drift.v1"}';
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function receiver(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook?code=path-secret`;
}

function deliver(url: string, timeoutMs = 5000): Promise<void> {
  return deliverWebhook(body, { url, secret, fetch, now, timeoutMs });
}

describe('a webhook', () => {
  it('is posted with a signature over time and body', async () => {
    const received: { request: IncomingMessage; body: string }[] = [];
    const url = await receiver((request, response) => {
      void text(request).then((content) => {
        received.push({ request, body: content });
        response.writeHead(202).end('thanks');
      });
    });

    await deliver(url);

    expect(received).toHaveLength(1);
    expect(received[0]?.body).toBe(body);
    expect(received[0]?.request).toMatchObject({ method: 'POST', url: '/hook?code=path-secret' });
    const seconds = String(Date.UTC(2026, 10, 21, 12) / 1000);
    const hmac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
    expect(received[0]?.request.headers['x-signature']).toBe(`t=${seconds},v1=${hmac}`);
  });

  it.each([400, 410, 429, 500])(
    'fails on status %i, which the error carries, and the path and query never',
    async (status) => {
      const url = await receiver((_, response) => response.writeHead(status).end());

      const delivery = deliver(url);

      await expect(delivery).rejects.toThrow(WebhookFailed);
      await expect(delivery).rejects.toMatchObject({ status, origin: new URL(url).origin });
      await expect(delivery).rejects.toThrow(/^(?!.*(hook\?|path-secret))/);
    },
  );

  it('does not follow a redirect', async () => {
    const visited: string[] = [];
    const url = await receiver((request, response) => {
      visited.push(request.url ?? '');
      response.writeHead(307, { location: '/elsewhere' }).end();
    });

    await expect(deliver(url)).rejects.toMatchObject({
      status: null,
      message: expect.stringMatching('redirects') as unknown,
    });
    expect(visited).toEqual(['/hook?code=path-secret']);
  });

  it('does not wait for ever', async () => {
    const url = await receiver(() => undefined);

    await expect(deliver(url, 50)).rejects.toThrow(/no answer within 0.05 s/);
  });

  it('says why nobody answers', async () => {
    const url = await receiver(() => undefined);
    servers.pop()?.close();

    await expect(deliver(url)).rejects.toThrow(/ECONNREFUSED/);
  });

  it.each([
    'http://receiver.example/x',
    'ftp://receiver.example',
    'https://ada:lovelace@receiver.example',
    'receiver',
    '',
  ])('does not go to %s', async (url) => {
    const delivery = deliverWebhook(body, { url, secret, now, fetch: () => Promise.reject(new Error('asked')) });

    await expect(delivery).rejects.toThrow(WebhookUrlRefused);
    await expect(delivery).rejects.toThrow(/^(?!.*lovelace)/);
  });
});

describe('a signature', () => {
  const header = sign(body, secret, now);

  it('is good for its body and secret, while it is young', () => {
    expect(verifySignature(header, body, secret, now)).toBe(true);
    expect(verifySignature(header, body, secret, now + 299_000)).toBe(true);
  });

  it('is good among others, so that a secret can be changed', () => {
    expect(verifySignature(`${header},v1=${'0'.repeat(64)}`, body, secret, now)).toBe(true);
    expect(verifySignature(header.replace('v1=', `v1=${'0'.repeat(64)},v1=`), body, secret, now)).toBe(true);
  });

  it.each([
    ['another body', header, `${body} `, secret, now],
    ['another secret', header, body, 'another', now],
    ['an old one', header, body, secret, now + 302_000],
    ['one from the future', header, body, secret, now - 302_000],
    [
      'another time than was signed',
      header.replace(/t=\d+/, `t=${String(Math.floor(now / 1000) + 1)}`),
      body,
      secret,
      now,
    ],
    ['no time', header.replace(/t=\d+,/, ''), body, secret, now],
    ['a cut one', header.slice(0, -2), body, secret, now],
    ['none', '', body, secret, now],
  ])('is not good for %s', (_, given, content, key, at) => {
    expect(verifySignature(given, content, key, at)).toBe(false);
  });
});
