import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createServiceBusBroker, type ServiceBusBroker } from '../../../../infra/local/service-bus/broker.ts';
import { buildFixtureApp, observedHost, type FixtureApp, type ObservedHost } from './fixture-app.ts';

let app: FixtureApp;
let broker: ServiceBusBroker;
let sender: ServiceBusClient;
let observed: ObservedHost;

beforeAll(async () => {
  app = await buildFixtureApp();
});
afterAll(async () => {
  await app.remove();
});
beforeEach(async () => {
  broker = createServiceBusBroker({
    topology: {
      queues: [
        { name: 'work', maxDeliveryCount: 3, lockDurationMs: 800 },
        { name: 'jobs', requiresSession: true },
      ],
      topics: [{ name: 'alerts', subscriptions: [{ name: 'webhook' }] }],
    },
  });
  await broker.start();
  sender = new ServiceBusClient(broker.connectionString);
});
afterEach(async () => {
  await observed.host.stop();
  await sender.close();
  await broker.stop();
});

async function start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  observed = observedHost(app, settings, { serviceBusConnectionString: broker.connectionString });
  await observed.host.start();
}

async function send(entity: string, messages: ServiceBusMessage | ServiceBusMessage[]): Promise<void> {
  const link = sender.createSender(entity);
  await link.sendMessages(messages);
  await link.close();
}

const bodies = (name: string): unknown[] => observed.seen(name).map((seen) => (seen as { body: unknown }).body);
const left = (entity: string): number => {
  const { active, locked } = broker.depth(entity);
  return active + locked;
};

describe('Service Bus queue triggers', () => {
  it('get the parsed body and what the message says of itself, and complete it on return', async () => {
    await start();

    await send('work', {
      messageId: 'm-one',
      correlationId: 'run-7a',
      subject: 'audit',
      contentType: 'application/json',
      body: { account: 'contosoprofiles' },
      applicationProperties: { rule: 'mfa-excluded', attempt: 1 },
    });
    await expect.poll(() => observed.seen('work').length).toBe(1);

    expect(observed.seen('work')[0]).toMatchObject({
      body: { account: 'contosoprofiles' },
      metadata: {
        messageId: 'm-one',
        correlationId: 'run-7a',
        subject: 'audit',
        contentType: 'application/json',
        deliveryCount: 1,
        applicationProperties: { rule: 'mfa-excluded', attempt: 1 },
        enqueuedTimeUtc: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as unknown,
      },
    });
    await expect.poll(() => left('work')).toBe(0);
    expect(broker.depth('work').deadLetter).toBe(0);
  });

  it('get text that is no JSON as it is', async () => {
    await start();

    await send('work', { body: Buffer.from('{ not json') });

    await expect.poll(() => bodies('work')).toEqual(['{ not json']);
  });

  it('abandon a message whose handler throws, until the broker dead-letters it', async () => {
    await start();

    await send('work', { messageId: 'poison', body: { fail: true } });
    await expect.poll(() => broker.depth('work').deadLetter, { timeout: 5_000 }).toBe(1);

    const counts = observed
      .seen('work')
      .map((seen) => (seen as { metadata: { deliveryCount: number } }).metadata.deliveryCount);
    expect(counts).toEqual([1, 2, 3]);
    expect(observed.host.invocations.map(({ ok }) => ok)).toEqual([false, false, false]);
  });

  it('run as many messages at once as host.json says', async () => {
    await start({ WORK_MS: '150' });

    await send(
      'work',
      Array.from({ length: 8 }, (_, index) => ({ body: { index } })),
    );
    await expect.poll(() => observed.seen('work').length).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(observed.seen('work')).toHaveLength(4);
    await expect.poll(() => left('work'), { timeout: 3_000 }).toBe(0);
  });

  it('finish and complete the message in hand before the host stops', async () => {
    await start({ WORK_MS: '200' });
    await send('work', { body: { slow: true } });
    await expect.poll(() => observed.seen('work').length).toBe(1);

    await observed.host.stop();

    expect(observed.host.invocations).toMatchObject([{ name: 'work', ok: true }]);
    expect(left('work')).toBe(0);
  });

  it('go on after the broker was away', async () => {
    await start();
    await send('work', { body: { before: true } });
    await send('jobs', { body: { before: true }, sessionId: 'a' });
    await expect.poll(() => [left('work'), left('jobs')]).toEqual([0, 0]);

    await broker.stop();
    await new Promise((resolve) => setTimeout(resolve, 200));
    await broker.start();
    const afterwards = new ServiceBusClient(broker.connectionString);
    await afterwards.createSender('work').sendMessages({ body: { after: true } });
    await afterwards.createSender('jobs').sendMessages({ body: { after: true }, sessionId: 'a' });

    await expect.poll(() => bodies('work'), { timeout: 10_000 }).toContainEqual({ after: true });
    await expect.poll(() => bodies('jobs'), { timeout: 10_000 }).toContainEqual({ after: true });
    await afterwards.close();
  });

  it('keep the lock of a message for as long as its handler runs', async () => {
    await start({ WORK_MS: '2000' });
    await send('work', { body: { long: true } });

    await expect.poll(() => observed.host.invocations.length, { timeout: 10_000 }).toBe(1);
    await expect.poll(() => left('work')).toBe(0);
    expect(observed.seen('work')).toHaveLength(1);
  });

  it('let go of a message that could not be settled, so that it comes again when its lock ends', async () => {
    await start({ WORK_MS: '300' });
    await send('work', { body: { cut: true } });
    await expect.poll(() => observed.seen('work').length).toBe(1);

    await broker.stop();
    await expect.poll(() => observed.host.invocations.length).toBe(1);
    await broker.start();

    await expect.poll(() => observed.seen('work').length, { timeout: 4_000 }).toBe(2);
    await expect.poll(() => left('work'), { timeout: 5_000 }).toBe(0);
  });

  it('wait for a broker that is not there yet', async () => {
    await broker.stop();
    await start();
    await broker.start();

    await send('work', { body: { late: true } });

    await expect.poll(() => bodies('work'), { timeout: 10_000 }).toEqual([{ late: true }]);
  });
});

describe('Service Bus session triggers', () => {
  it('take the messages of one session in order, one at a time, and other sessions beside it', async () => {
    await start();

    const order = [1, 2, 3, 4];
    await send(
      'jobs',
      order.flatMap((n) => [
        { body: n, sessionId: 'a' },
        { body: n, sessionId: 'b' },
      ]),
    );
    await expect.poll(() => observed.seen('jobs').length, { timeout: 5_000 }).toBe(8);

    for (const session of ['a', 'b']) {
      const seen = observed.seen('jobs').filter((entry) => (entry as { session: string }).session === session);
      expect(seen.map((entry) => (entry as { body: number }).body)).toEqual(order);
    }
    await expect.poll(() => left('jobs')).toBe(0);
  });

  it('give up an idle session, so that more sessions than workers are all served', async () => {
    await start();

    await send(
      'jobs',
      Array.from({ length: 9 }, (_, index) => ({ body: index, sessionId: `s${String(index)}` })),
    );

    await expect.poll(() => observed.seen('jobs').length, { timeout: 5_000 }).toBe(9);
  });
});

describe('Service Bus topic triggers', () => {
  it('get what is published, from their own subscription', async () => {
    await start();

    await send('alerts', { body: { transition: 'opened' } });

    await expect.poll(() => bodies('alert')).toEqual([{ transition: 'opened' }]);
    await expect.poll(() => left('alerts/subscriptions/webhook')).toBe(0);
  });
});
