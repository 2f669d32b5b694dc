import { describe, expect, it } from 'vitest';
import { bodies, receiveNow, receiveOne, sleep, startLocalServiceBus, until } from './local-client.ts';

describe('the dead-letter queue', () => {
  it('takes what a receiver dead-letters, with reason, description and properties', async () => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    await client.createSender('q').sendMessages({ body: 'x', applicationProperties: { kept: true } });
    const receiver = client.createReceiver('q');

    await receiver.deadLetterMessage(await receiveOne(receiver), {
      deadLetterReason: 'Unreadable',
      deadLetterErrorDescription: 'not JSON',
      attempt: 3,
    });

    expect(broker.depth('q')).toEqual({ active: 0, scheduled: 0, deadLetter: 1, locked: 0 });
    const dead = await receiveOne(client.createReceiver('q', { subQueueType: 'deadLetter' }));
    expect(dead).toMatchObject({
      body: 'x',
      deadLetterReason: 'Unreadable',
      deadLetterErrorDescription: 'not JSON',
      applicationProperties: { kept: true, attempt: 3 },
    });
  });

  it('takes a message after its last permitted delivery failed', async () => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q', maxDeliveryCount: 3 }] });
    await client.createSender('q').sendMessages({ body: 'x' });
    const receiver = client.createReceiver('q');

    for (const expected of [0, 1, 2]) {
      const message = await receiveOne(receiver);
      expect(message.deliveryCount).toBe(expected);
      await receiver.abandonMessage(message);
    }

    expect(broker.depth('q')).toMatchObject({ active: 0, deadLetter: 1 });
    const dead = await receiveOne(client.createReceiver('q', { subQueueType: 'deadLetter' }));
    expect(dead.deadLetterReason).toBe('MaxDeliveryCountExceeded');
  });

  it('counts lock expiry as a failed delivery', async () => {
    const { broker, client, pass } = await startLocalServiceBus({
      queues: [{ name: 'q', maxDeliveryCount: 1, lockDurationMs: 60_000 }],
    });
    await client.createSender('q').sendMessages({ body: 'x' });

    await receiveOne(client.createReceiver('q', { maxAutoLockRenewalDurationInMs: 0 }));

    expect(broker.depth('q').deadLetter).toBe(0);
    await pass(60_000);
    expect(broker.depth('q').deadLetter).toBe(1);
  });

  it('hands out, peeks, abandons and completes what it holds, however often that fails', async () => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q', maxDeliveryCount: 1 }] });
    await client.createSender('q').sendMessages({ body: 'x' });
    const receiver = client.createReceiver('q');
    await receiver.abandonMessage(await receiveOne(receiver));
    const dead = client.createReceiver('q', { subQueueType: 'deadLetter' });

    expect(bodies(await dead.peekMessages(5))).toEqual(['x']);
    await dead.abandonMessage(await receiveOne(dead));
    await dead.abandonMessage(await receiveOne(dead));
    await dead.completeMessage(await receiveOne(dead));

    expect(broker.depth('q').deadLetter).toBe(0);
  });

  it('belongs to a session queue without being one', async () => {
    const { client } = await startLocalServiceBus({ queues: [{ name: 'q', requiresSession: true }] });
    await client.createSender('q').sendMessages({ body: 'x', sessionId: 's' });
    const session = await client.acceptSession('q', 's');
    await session.deadLetterMessage(await receiveOne(session), {
      deadLetterReason: 'r',
      deadLetterErrorDescription: 'd',
    });

    const dead = await receiveOne(client.createReceiver('q', { subQueueType: 'deadLetter' }));

    expect(dead.sessionId).toBe('s');
  });
});

describe('time to live', () => {
  it('dead-letters an expired message where the queue says so, and the dead letter does not expire', async () => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q', deadLetterOnExpiry: true }] });
    await client.createSender('q').sendMessages({ body: 'x', timeToLive: 150 });
    await until(() => broker.depth('q').deadLetter === 1);
    await sleep(300);

    const dead = await receiveOne(client.createReceiver('q', { subQueueType: 'deadLetter' }));

    expect(dead.deadLetterReason).toBe('TTLExpiredException');
  });

  it('drops an expired message where the queue does not', async () => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q', defaultTimeToLiveMs: 150 }] });
    await client.createSender('q').sendMessages({ body: 'x' });

    await until(() => broker.depth('q').active === 0);

    expect(broker.depth('q').deadLetter).toBe(0);
    expect(await receiveNow(client.createReceiver('q'))).toEqual([]);
  });

  it('uses the shorter of the message and the queue', async () => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q', defaultTimeToLiveMs: 150 }] });
    await client.createSender('q').sendMessages({ body: 'x', timeToLive: 60_000 });

    await until(() => broker.depth('q').active === 0, 2_000);
  });
});
