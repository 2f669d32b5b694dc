/** One client that sends requests at a pace and waits for none of them; prints what came back as JSON. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const [address = '', token = '', perSecond = '', seconds = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 2000 });
const total = Number(perSecond) * Number(seconds);
const answers: { status: number; retryAfter: string | undefined; isProblem: boolean; milliseconds: number }[] = [];
const patienceMs = 30_000;

function send(number: number): Promise<void> {
  const sent = performance.now();
  // What it asks takes turns, so that each request that is served changes something.
  const body = number % 2 === 0 ? JSON.stringify({ note: `Request ${String(number)}` }) : '';
  const headers = { authorization: `Bearer ${token}`, ...(body === '' ? {} : { 'content-type': 'application/json' }) };
  return new Promise((done) => {
    const sending = request(address, { method: body === '' ? 'DELETE' : 'PUT', agent, headers }, (response) => {
      response.resume().once('end', () => {
        answers.push({
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'],
          isProblem: response.headers['content-type'] === 'application/problem+json',
          milliseconds: performance.now() - sent,
        });
        done();
      });
    });
    sending.once('error', () => {
      done();
    });
    sending.end(body);
  });
}

const started = performance.now();
const waiting: Promise<void>[] = [];
while (waiting.length < total) {
  const due = Math.min(total, Math.ceil(((performance.now() - started) / 1000) * Number(perSecond)));
  while (waiting.length < due) waiting.push(send(waiting.length));
  await sleep(1);
}
const sentIn = performance.now() - started;
// What has no answer by then has failed: a host that answers slower than it is asked would keep us for long.
const patience = new AbortController();
const given = sleep(patienceMs, undefined, { signal: patience.signal }).catch(() => undefined);
await Promise.race([Promise.all(waiting), given]);
patience.abort();
const told = { sentIn, answeredIn: performance.now() - started, failed: total - answers.length, answers };
// Requests that still wait would hold the process.
process.stdout.write(JSON.stringify(told), () => process.exit());
