import { ServiceBusClient } from '@azure/service-bus';
import { describe, expect, it } from 'vitest';
import {
  BrokerNotStartedError,
  createServiceBusBroker,
  PortInUseError,
} from '../../../../infra/local/service-bus/broker.ts';
import { bodies, connect, receiveOne, sleep, startLocalServiceBus, until } from './local-client.ts';

describe('an outage', () => {
  it('keeps messages, locks, sessions and schedules, on the same port', async () => {
    const { broker, client } = await startLocalServiceBus({
      queues: [{ name: 'q' }, { name: 'jobs', requiresSession: true }],
    });
    const { port } = broker;
    await client.createSender('q').sendMessages([{ body: 'locked' }, { body: 'waiting' }]);
    await client.createSender('q').scheduleMessages({ body: 'later' }, new Date(Date.now() + 60_000));
    await client.createSender('jobs').sendMessages({ body: 'job', sessionId: 'a' });
    await receiveOne(client.createReceiver('q'));
    const session = await client.acceptSession('jobs', 'a');
    await session.setSessionState('half-way');

    await broker.stop();
    await broker.start();

    expect(broker.port).toBe(port);
    expect(broker.depth('q')).toEqual({ active: 1, scheduled: 1, deadLetter: 0, locked: 1 });
    const again = connect(broker);
    const retaken = await again.acceptSession('jobs', 'a');
    expect(await retaken.getSessionState()).toBe('half-way');
    expect((await receiveOne(retaken)).deliveryCount).toBe(0);
    await again.close();
  });

  it('is survived by a subscriber and a sender that were there before', async () => {
    const { broker } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    const client = new ServiceBusClient(broker.connectionString, {
      retryOptions: { maxRetries: 5, retryDelayInMs: 100, timeoutInMs: 5_000 },
    });
    const sender = client.createSender('q');
    const seen: unknown[] = [];
    const subscription = client.createReceiver('q').subscribe({
      processMessage: async ({ body }) => void seen.push(body),
      processError: async () => undefined,
    });
    await sender.sendMessages({ body: 'before' });
    await until(() => seen.length === 1);

    await broker.stop();
    await broker.start();
    // Sent in the same instant, it would go to the dead socket and wait for the client's own timeout.
    await sleep(50);
    await sender.sendMessages({ body: 'after' });

    await until(() => seen.length === 2, 15_000);
    expect(seen).toEqual(['before', 'after']);
    await subscription.close();
    await client.close();
  });

  it('lets time pass: what expired or fell due meanwhile has done so afterwards', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    const broker = createServiceBusBroker({
      topology: { queues: [{ name: 'q', defaultTimeToLiveMs: 1_000, deadLetterOnExpiry: true }], topics: [] },
      clock: () => now,
    });
    await broker.start();
    const client = connect(broker);
    await client.createSender('q').sendMessages({ body: 'expires' });
    await client.createSender('q').scheduleMessages({ body: 'falls due' }, new Date(now + 60_000));
    await client.close();

    await broker.stop();
    now += 60_500;
    await broker.start();
    const again = connect(broker);
    const messages = await again.createReceiver('q').receiveMessages(5, { maxWaitTimeInMs: 500 });

    expect(bodies(messages)).toEqual(['falls due']);
    expect(broker.depth('q').deadLetter).toBe(1);
    await again.close();
    await broker.stop();
  });
});

describe('starting', () => {
  it('says which port is taken and what to do', async () => {
    const { broker } = await startLocalServiceBus({});
    const second = createServiceBusBroker({ topology: { queues: [], topics: [] }, port: broker.port });

    const failure = second.start();

    await expect(failure).rejects.toBeInstanceOf(PortInUseError);
    await expect(failure).rejects.toMatchObject({ port: broker.port });
    await expect(failure).rejects.toThrow(/Stop the program that holds it, or choose another port/);
  });

  it('can be tried again once the port is free', async () => {
    const { broker: first } = await startLocalServiceBus({});
    const second = createServiceBusBroker({ topology: { queues: [], topics: [] }, port: first.port });
    await expect(second.start()).rejects.toBeInstanceOf(PortInUseError);
    await first.stop();

    await second.start();

    expect(second.connectionString).toContain(`sb://127.0.0.1:${second.port};`);
    await second.stop();
  });

  it('must come before asking for a port that is yet to be picked', () => {
    const broker = createServiceBusBroker({ topology: { queues: [], topics: [] } });

    expect(() => broker.port).toThrow(BrokerNotStartedError);
    expect(() => broker.connectionString).toThrow(BrokerNotStartedError);
  });
});
