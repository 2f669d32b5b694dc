import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startWebhookReceiver } from '../../../infra/local/webhook-receiver.ts';

describe('The webhook receiver', () => {
  // 401 is the answer to whoever got as far as the signature.
  it.each([
    ['its own name', {}, 401],
    ['a Host of another name', { host: 'evil.example' }, 403],
    ['a Host with another port', { host: '127.0.0.1:1' }, 403],
    ['an Origin of another page', { origin: 'https://evil.example' }, 403],
  ])('answers a request with %s: %j', async (_, headers, expected) => {
    const receiver = await startWebhookReceiver({ secret: 'secret', onAlert: () => undefined });
    try {
      const status = await new Promise((resolve, reject) => {
        const sent = request(receiver.url, { method: 'POST', headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        sent.on('error', reject);
        sent.end('{}');
      });
      expect(status).toBe(expected);
    } finally {
      await receiver.stop();
    }
  });
});
