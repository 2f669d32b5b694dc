import { describe, expect, it } from 'vitest';
import { bodies, receiveNow, receiveOne, startLocalServiceBus } from './local-client.ts';

describe('sending to and receiving from a queue', () => {
  it('carries body, properties and application properties unchanged', async () => {
    const { client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    const sent = {
      body: { nested: [1, 2.5, -3, null, 'ü'], flag: true },
      messageId: 'one',
      correlationId: 'run-1',
      subject: 'finding',
      contentType: 'application/cloudevents+json; charset=utf-8',
      replyTo: 'elsewhere',
      to: 'somewhere',
      applicationProperties: { schemaVersion: 1, risk: 'safe', dryRun: false },
    };

    await client.createSender('q').sendMessages(sent);

    const received = await receiveOne(client.createReceiver('q'));
    expect(received).toMatchObject(sent);
    expect(received.deliveryCount).toBe(0);
    expect(received.sequenceNumber?.toNumber()).toBe(1);
    expect(Math.abs((received.enqueuedTimeUtc?.getTime() ?? 0) - Date.now())).toBeLessThan(5_000);
  });

  it('delivers arrays and batches message by message, in order', async () => {
    const { client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    const sender = client.createSender('q');
    const batch = await sender.createMessageBatch();
    batch.tryAddMessage({ body: 'c' });
    batch.tryAddMessage({ body: 'd' });

    await sender.sendMessages([{ body: 'a' }, { body: 'b' }]);
    await sender.sendMessages(batch);

    expect(bodies(await receiveNow(client.createReceiver('q'), 10))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('matches entity paths whatever their case', async () => {
    const { client } = await startLocalServiceBus({ queues: [{ name: 'audit-work' }] });

    await client.createSender('Audit-Work').sendMessages({ body: 'x' });

    expect(bodies(await receiveNow(client.createReceiver('AUDIT-WORK')))).toEqual(['x']);
  });

  it('gives a message without an id one', async () => {
    const { client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });

    await client.createSender('q').sendMessages({ body: 'x' });

    expect((await receiveOne(client.createReceiver('q'))).messageId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('answers a receive on an empty queue with nothing, and the receiver stays usable', async () => {
    const { client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    const receiver = client.createReceiver('q');

    expect(await receiveNow(receiver, 5)).toEqual([]);

    await client.createSender('q').sendMessages([{ body: 'a' }, { body: 'b' }]);
    expect(bodies(await receiveNow(receiver, 5))).toEqual(['a', 'b']);
  });

  it('moves thousands of messages through one subscriber', async () => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    const sender = client.createSender('q');
    const count = 5_000;
    for (let first = 0; first < count; first += 500) {
      await sender.sendMessages(Array.from({ length: 500 }, (_, offset) => ({ body: first + offset })));
    }

    const seen = new Set<unknown>();
    const receiver = client.createReceiver('q');
    await new Promise<void>((resolve, reject) => {
      receiver.subscribe(
        {
          processMessage: async ({ body }) => {
            seen.add(body);
            if (seen.size === count) resolve();
          },
          processError: async ({ error }) => reject(error),
        },
        { maxConcurrentCalls: 32 },
      );
    });
    await receiver.close();

    expect(broker.depth('q').active).toBe(0);
  });
});

describe('peek-lock', () => {
  it('completes a message for good', async () => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    await client.createSender('q').sendMessages({ body: 'x' });
    const receiver = client.createReceiver('q');

    const message = await receiveOne(receiver);
    expect(broker.depth('q')).toEqual({ active: 0, scheduled: 0, deadLetter: 0, locked: 1 });
    await receiver.completeMessage(message);

    expect(broker.depth('q')).toEqual({ active: 0, scheduled: 0, deadLetter: 0, locked: 0 });
  });

  it('puts an abandoned message back in its place with the changed properties and one more delivery', async () => {
    const { client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    await client
      .createSender('q')
      .sendMessages([{ body: 'first', applicationProperties: { kept: 1 } }, { body: 'second' }]);
    const receiver = client.createReceiver('q');

    await receiver.abandonMessage(await receiveOne(receiver), { attempt: 'failed' });

    const again = await receiveOne(receiver);
    expect(again.body).toBe('first');
    expect(again.deliveryCount).toBe(1);
    expect(again.applicationProperties).toEqual({ kept: 1, attempt: 'failed' });
  });

  it('returns a message whose lock ran out, and refuses the late completion', async () => {
    const { client, pass } = await startLocalServiceBus({ queues: [{ name: 'q', lockDurationMs: 60_000 }] });
    await client.createSender('q').sendMessages({ body: 'x' });
    const receiver = client.createReceiver('q', { maxAutoLockRenewalDurationInMs: 0 });
    const late = await receiveOne(receiver);
    await pass(60_000);

    const again = await receiveOne(receiver);

    expect(again.deliveryCount).toBe(1);
    await expect(receiver.completeMessage(late)).rejects.toMatchObject({ code: 'MessageLockLost' });
    await receiver.completeMessage(again);
  });

  it('keeps a renewed lock past its first end', async () => {
    const { broker, client, pass } = await startLocalServiceBus({ queues: [{ name: 'q', lockDurationMs: 60_000 }] });
    await client.createSender('q').sendMessages({ body: 'x' });
    const receiver = client.createReceiver('q', { maxAutoLockRenewalDurationInMs: 0 });
    const message = await receiveOne(receiver);
    const firstEnd = message.lockedUntilUtc?.getTime() ?? NaN;
    await pass(40_000);

    const lockedUntil = await receiver.renewMessageLock(message);

    expect(lockedUntil.getTime()).toBeGreaterThanOrEqual(firstEnd + 40_000);
    await pass(40_000);
    expect(broker.depth('q').locked).toBe(1);
    await receiver.completeMessage(message);
  });

  it('refuses to renew a lock that has ended', async () => {
    const { client, pass } = await startLocalServiceBus({ queues: [{ name: 'q', lockDurationMs: 60_000 }] });
    await client.createSender('q').sendMessages({ body: 'x' });
    const receiver = client.createReceiver('q', { maxAutoLockRenewalDurationInMs: 0 });
    const message = await receiveOne(receiver);
    await pass(60_000);

    await expect(receiver.renewMessageLock(message)).rejects.toMatchObject({ code: 'MessageLockLost' });
  });

  it('settles through the management node when the receiver is closed', async () => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    await client.createSender('q').sendMessages([{ body: 'a' }, { body: 'b' }]);
    const receiver = client.createReceiver('q');
    const message = await receiveOne(receiver);
    await receiver.close();

    expect(broker.depth('q')).toMatchObject({ active: 1, locked: 1 });
    const other = client.createReceiver('q');
    await other.completeMessage(message);

    expect(broker.depth('q')).toMatchObject({ active: 1, locked: 0 });
  });

  it('lets two receivers compete without handing a message out twice', async () => {
    const { client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    const [one, two] = [client.createReceiver('q'), client.createReceiver('q')];
    const waiting = Promise.all([one, two].map((receiver) => receiver.receiveMessages(5, { maxWaitTimeInMs: 500 })));

    await client.createSender('q').sendMessages(Array.from({ length: 8 }, (_, index) => ({ body: index })));

    const seen = bodies((await waiting).flat());
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('receive and delete', () => {
  it('takes a message at once, without a lock', async () => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    await client.createSender('q').sendMessages([{ body: 'a' }, { body: 'b' }]);

    const messages = await receiveNow(client.createReceiver('q', { receiveMode: 'receiveAndDelete' }), 2);

    expect(bodies(messages)).toEqual(['a', 'b']);
    expect(broker.depth('q')).toMatchObject({ active: 0, locked: 0 });
  });
});

describe('peeking', () => {
  it('shows messages in order, page by page, and leaves them where they are', async () => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    await client.createSender('q').sendMessages(['a', 'b', 'c'].map((body) => ({ body })));
    const receiver = client.createReceiver('q');

    const pages = [await receiver.peekMessages(2), await receiver.peekMessages(2), await receiver.peekMessages(2)];

    expect(pages.map(bodies)).toEqual([['a', 'b'], ['c'], []]);
    expect(broker.depth('q').active).toBe(3);
  });
});

describe('deferral', () => {
  it('keeps a deferred message aside until it is asked for by number, then settles it', async () => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    await client.createSender('q').sendMessages({ body: 'later' });
    const receiver = client.createReceiver('q');
    const message = await receiveOne(receiver);
    await receiver.deferMessage(message, { why: 'too early' });
    const { sequenceNumber } = message;
    if (sequenceNumber === undefined) throw new Error('A received message has a sequence number.');

    expect(await receiveNow(receiver)).toEqual([]);
    expect((await receiver.peekMessages(1)).map(({ state }) => state)).toEqual(['deferred']);
    const [deferred] = await receiver.receiveDeferredMessages(sequenceNumber);
    if (deferred === undefined) throw new Error('The deferred message did not come.');
    expect(deferred.applicationProperties).toEqual({ why: 'too early' });
    await receiver.completeMessage(deferred);

    await expect(receiver.receiveDeferredMessages(sequenceNumber)).rejects.toMatchObject({ code: 'MessageNotFound' });
    expect(broker.depth('q')).toMatchObject({ active: 0, locked: 0 });
  });
});
