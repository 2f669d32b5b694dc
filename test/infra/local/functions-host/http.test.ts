import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFixtureApp, observedHost, type FixtureApp, type ObservedHost } from './fixture-app.ts';

let app: FixtureApp;
let observed: ObservedHost;

beforeAll(async () => {
  app = await buildFixtureApp();
  observed = observedHost(app);
  await observed.host.start();
});
afterAll(async () => {
  await observed.host.stop();
  await app.remove();
});

const at = (path: string): string => `${observed.host.origin}${path}`;
const webhook = (name = 'changed'): string => at(`/runtime/webhooks/EventGrid?functionName=${name}`);

/** fetch does not let a caller choose Host or Origin. */
async function answerTo(headers: Record<string, string>): Promise<Response> {
  return new Promise((resolve, reject) => {
    request(at('/api/people/ann'), { headers }, (response) => {
      text(response).then((body) => {
        const type = response.headers['content-type'] ?? '';
        resolve(new Response(body, { status: response.statusCode ?? 0, headers: { 'content-type': type } }));
      }, reject);
    })
      .on('error', reject)
      .end();
  });
}

/** What is in the form that all problems have (RFC 9457). */
async function problemOf(response: Response): Promise<object> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await response.json()) as Record<string, unknown>;
  expect(Object.keys(problem).sort()).toEqual(['detail', 'status', 'title', 'type']);
  expect(problem['status']).toBe(response.status);
  return { status: problem['status'], type: String(problem['type']).replace('urn:kerbwatch:problem:', '') };
}

describe('http triggers', () => {
  it('give the handler the request and the caller its response', async () => {
    const response = await fetch(at('/api/people/Ann%20Lee?q=1'), { method: 'POST', body: 'hello' });

    expect(response.status).toBe(201);
    expect(response.headers.get('x-fixture')).toBe('yes');
    expect(await response.json()).toEqual({ name: 'Ann Lee', query: '1', method: 'POST', text: 'hello' });
  });

  it('answer 500 without the error text when the handler throws', async () => {
    const response = await fetch(at('/api/people/nobody'));

    expect(await response.clone().text()).not.toContain('secret detail');
    expect(await problemOf(response)).toEqual({ status: 500, type: 'internal' });
  });

  it('answer 404 for a path or a method that no function has', async () => {
    const path = await fetch(at('/api/places/here'));
    const method = await fetch(at('/api/people/ann'), { method: 'DELETE' });

    expect(await problemOf(path)).toEqual({ status: 404, type: 'no-function' });
    expect(await problemOf(method)).toEqual({ status: 404, type: 'no-function' });
  });

  it('refuse a body over a mebibyte', async () => {
    const response = await fetch(at('/api/people/ann'), { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) });

    expect(await problemOf(response)).toEqual({ status: 413, type: 'too-large' });
  });

  it('tell whoever sends 10 MB and reads no answer meanwhile, and serve the next on the same connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = (body: Buffer): Promise<number> =>
      new Promise((resolve, reject) => {
        const sending = request(at('/api/people/ann'), { method: 'POST', agent }, (response) => {
          response.resume().on('end', () => resolve(response.statusCode ?? 0));
        }).on('error', reject);
        sending.end(body);
      });
    expect(await send(Buffer.alloc(10 * 1024 * 1024))).toBe(413);
    expect(await send(Buffer.from('hello'))).toBe(201);
    agent.destroy();
  });

  it.each([
    ['a target that is no path', 'GET http://[ HTTP/1.1', '', 400, 'request'],
    ['a method that nobody knows', 'FOO /api/people/ann HTTP/1.1', '', 400, 'request'],
    ['an expectation that nobody meets', 'GET /api/people/ann HTTP/1.1', 'Expect: fish\r\n', 417, 'expectation'],
    ['two Hosts', 'GET /api/people/ann HTTP/1.1', 'Host: evil.example\r\n', 421, 'foreign-host'],
    ['headers without end', 'GET /api/people/ann HTTP/1.1', `X: ${'x'.repeat(20_000)}\r\n`, 431, 'large-headers'],
  ])('answer a problem for %s', async (_, first, header, status, type) => {
    const { port } = new URL(observed.host.origin);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`${first}\r\nHost: 127.0.0.1:${port}\r\n${header}Connection: close\r\n\r\n`);
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${String(status)} `, 'u'));
    expect(head.toLowerCase()).toContain('content-type: application/problem+json');
    // Where it comes in chunks, their lengths stand around it.
    expect(JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1))).toMatchObject({
      type: `urn:kerbwatch:problem:${type}`,
      status,
    });
  });

  it('answer a problem for a request without a Host', async () => {
    const socket = connect(Number(new URL(observed.host.origin).port), '127.0.0.1');
    socket.write('GET /api/people/ann HTTP/1.1\r\nConnection: close\r\n\r\n');
    const answered = await text(socket);
    expect(answered).toMatch(/^HTTP\/1.1 421 /u);
    expect(answered).toContain('urn:kerbwatch:problem:foreign-host');
  });

  it.each([
    ['/admin/functions/tick', 'POST'],
    ['/runtime/webhooks/EventGrid?functionName=changed', 'POST, OPTIONS'],
  ])('answer 405 for GET %s, with what it takes', async (path, allow) => {
    const response = await fetch(at(path));

    expect(response.headers.get('allow')).toBe(allow);
    expect(await problemOf(response)).toEqual({ status: 405, type: 'method' });
  });
});

describe('callers', () => {
  it('of this machine pass, by any loopback name', async () => {
    const { port, host } = new URL(observed.host.origin);

    expect((await answerTo({ host: `localhost:${port}` })).status).toBe(201);
    expect((await answerTo({ host, origin: observed.host.origin })).status).toBe(201);
  });

  it.each([
    ['a foreign Host', { host: 'evil.example' }, { status: 421, type: 'foreign-host' }],
    ['a loopback Host with another port', { host: '127.0.0.1:1' }, { status: 421, type: 'foreign-host' }],
    ['a foreign Origin', { origin: 'https://evil.example' }, { status: 403, type: 'foreign-origin' }],
    ['an opaque Origin', { origin: 'null' }, { status: 403, type: 'foreign-origin' }],
  ])('with %s are refused', async (_what, headers, said) => {
    expect(await problemOf(await answerTo(headers))).toEqual(said);
  });
});

describe('Event Grid', () => {
  const event = { id: 'e1', eventType: 'Microsoft.Resources.ResourceWriteSuccess', subject: '/s', data: { a: 1 } };
  const cloudEvent = { id: 'c1', source: '/s', type: 'Microsoft.Resources.ResourceWriteSuccess', specversion: '1.0' };
  const ids = (): unknown[] => observed.seen('changed').map((seen) => (seen as { id: string }).id);

  it('shakes hands in its own schema', async () => {
    const response = await fetch(webhook(), {
      method: 'POST',
      headers: { 'aeg-event-type': 'SubscriptionValidation' },
      body: JSON.stringify([
        { id: 'v', eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent', data: { validationCode: 'code-7' } },
      ]),
    });

    expect(await response.json()).toEqual({ validationResponse: 'code-7' });
    expect(ids()).not.toContain('v');
  });

  it('shakes hands in the CloudEvents way', async () => {
    const response = await fetch(webhook(), {
      method: 'OPTIONS',
      headers: { 'WebHook-Request-Origin': 'eventgrid.azure.net' },
    });

    expect(response.status).toBe(200);
    expect(response.headers.get('WebHook-Allowed-Origin')).toBe('eventgrid.azure.net');
    expect(Number(response.headers.get('WebHook-Allowed-Rate'))).toBeGreaterThan(0);
  });

  it('calls the function once for each event of an array, with the event whole', async () => {
    const { status } = await observed.host.postEventGrid('changed', [event, { ...event, id: 'e2' }]);

    expect(status).toBe(200);
    expect(observed.seen('changed')).toEqual(expect.arrayContaining([event, { ...event, id: 'e2' }]));
  });

  it('takes one CloudEvent, and a batch of them', async () => {
    const one = await observed.host.postEventGrid('changed', cloudEvent);
    const batch = await observed.host.postEventGrid('Changed', [
      { ...cloudEvent, id: 'c2' },
      { ...cloudEvent, id: 'c3' },
    ]);

    expect([one.status, batch.status]).toEqual([200, 200]);
    expect(ids()).toEqual(expect.arrayContaining(['c1', 'c2', 'c3']));
  });

  it('is told 500 when one of the events failed, the others having been taken', async () => {
    const { status } = await observed.host.postEventGrid('changed', [
      { ...event, id: 'bad' },
      { ...event, id: 'e9' },
    ]);

    expect(status).toBe(500);
    expect(ids()).toContain('e9');
  });

  it.each([
    ['broken JSON', '[{'],
    ['something that is no event', '[1]'],
    ['nothing', ''],
  ])('is told 400 for %s', async (_what, body) => {
    const response = await fetch(webhook(), { method: 'POST', body });

    expect(response.status).toBe(400);
  });

  it('is told 404 for a function that does not exist', async () => {
    const response = await fetch(webhook('other'), { method: 'POST', body: '[]' });

    expect(response.status).toBe(404);
    await expect(observed.host.postEventGrid('other', [])).rejects.toThrow(/registered: changed/);
  });
});
