import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { describe, expect, it } from 'vitest';
import { startLocalServiceBus } from './local-client.ts';

type AmqpAnnotatedMessage = ServiceBusReceivedMessage['_rawAmqpMessage'];

/** The client checks ids itself, but not in messages that are already in AMQP form. */
function annotated(properties: NonNullable<AmqpAnnotatedMessage['properties']>): AmqpAnnotatedMessage {
  return { body: 'x', bodyType: 'value', properties };
}

describe('the limits of the service', () => {
  it.each([
    ['single', (body: string) => ({ body })],
    ['array', (body: string) => [{ body }]],
  ])('refuse a %s above 256 KB and leave the sender usable', async (_, toSent) => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    const sender = client.createSender('q');

    await expect(sender.sendMessages(toSent('x'.repeat(256 * 1024)))).rejects.toMatchObject({
      code: 'MessageSizeExceeded',
    });
    await sender.sendMessages(toSent('x'.repeat(255 * 1024)));

    expect(broker.depth('q').active).toBe(1);
  });

  it('tell the client how large a batch may be', async () => {
    const { client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });

    const batch = await client.createSender('q').createMessageBatch();

    expect(batch.maxSizeInBytes).toBe(256 * 1024);
  });

  it.each([
    ['message id', { messageId: 'i'.repeat(129) }, { messageId: 'i'.repeat(128) }],
    ['session id', { groupId: 's'.repeat(129) }, { groupId: 's'.repeat(128) }],
  ])('refuse a %s above 128 characters', async (_, tooLong, longest) => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    const sender = client.createSender('q');

    await expect(sender.sendMessages(annotated(tooLong))).rejects.toThrow(/ArgumentError.*129 characters/);
    await sender.sendMessages(annotated(longest));

    expect(broker.depth('q').active).toBe(1);
  });

  it('take a batch whole or not at all', async () => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q', requiresSession: true }] });

    await expect(client.createSender('q').sendMessages([{ body: 'a', sessionId: 's' }, { body: 'b' }])).rejects.toThrow(
      /SessionId was not set/,
    );

    expect(broker.depth('q').active).toBe(0);
  });

  it('hold for scheduled messages too', async () => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q', requiresSession: true }] });

    await expect(
      client.createSender('q').scheduleMessages({ body: 'a' }, new Date(Date.now() + 60_000)),
    ).rejects.toThrow(/SessionId was not set/);

    expect(broker.depth('q').scheduled).toBe(0);
  });
});

describe('an entity that is not there', () => {
  it('is not found by senders, receivers, sessions or management', async () => {
    const { client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    const notFound = { code: 'MessagingEntityNotFound' };

    await expect(client.createSender('nope').sendMessages({ body: 'x' })).rejects.toMatchObject(notFound);
    await expect(client.createReceiver('nope').receiveMessages(1)).rejects.toMatchObject(notFound);
    await expect(client.createReceiver('nope').peekMessages(1)).rejects.toMatchObject(notFound);
    await expect(client.acceptSession('nope', 'a')).rejects.toThrow();
  });

  it('has no depth', async () => {
    const { broker } = await startLocalServiceBus({});

    expect(() => broker.depth('nope')).toThrow(/'nope' could not be found/);
  });
});
