import { describe, expect, it } from 'vitest';
import { bodies, receiveNow, receiveOne, startLocalServiceBus } from './local-client.ts';

describe('scheduled messages', () => {
  it('arrive at their time when sent with scheduledEnqueueTimeUtc', async () => {
    const { broker, client, pass } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    const due = new Date(Date.now() + 60_000);

    await client.createSender('q').sendMessages({ body: 'x', scheduledEnqueueTimeUtc: due });

    expect(broker.depth('q')).toMatchObject({ active: 0, scheduled: 1 });
    expect(await receiveNow(client.createReceiver('q'))).toEqual([]);
    await pass(60_000);
    const message = await receiveOne(client.createReceiver('q'));
    expect(message.scheduledEnqueueTimeUtc).toEqual(due);
  });

  it('are there at once when their time is past', async () => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });

    await client.createSender('q').sendMessages({ body: 'x', scheduledEnqueueTimeUtc: new Date(0) });

    expect(broker.depth('q')).toMatchObject({ active: 1, scheduled: 0 });
  });

  it('can be peeked at and cancelled by number until then', async () => {
    const { broker, client, pass } = await startLocalServiceBus({ queues: [{ name: 'q' }] });
    const sender = client.createSender('q');
    const [kept, dropped] = await sender.scheduleMessages(
      [{ body: 'kept' }, { body: 'dropped' }],
      new Date(Date.now() + 60_000),
    );
    if (kept === undefined || dropped === undefined) throw new Error('Two messages have two numbers.');
    const receiver = client.createReceiver('q');
    expect((await receiver.peekMessages(5)).map(({ state }) => state)).toEqual(['scheduled', 'scheduled']);

    await sender.cancelScheduledMessages(dropped);

    expect(broker.depth('q').scheduled).toBe(1);
    await pass(60_000);
    expect(bodies(await receiveNow(receiver, 5))).toEqual(['kept']);
    await expect(sender.cancelScheduledMessages(dropped)).rejects.toMatchObject({ code: 'MessageNotFound' });
  });
});

describe('duplicate detection', () => {
  it('accepts and drops a repeated message id within the window, and admits it afterwards', async () => {
    const { client, pass } = await startLocalServiceBus({
      queues: [{ name: 'q', duplicateDetectionWindowMs: 60_000 }],
    });
    const sender = client.createSender('q');
    const receiver = client.createReceiver('q', { receiveMode: 'receiveAndDelete' });

    await sender.sendMessages({ body: 'first', messageId: 'same' });
    await sender.sendMessages({ body: 'repeat', messageId: 'same' });
    expect(bodies(await receiveNow(receiver, 5))).toEqual(['first']);
    await pass(60_000);
    await sender.sendMessages({ body: 'afterwards', messageId: 'same' });

    expect(bodies(await receiveNow(receiver, 5))).toEqual(['afterwards']);
  });

  it('counts a scheduled message from the moment it is accepted', async () => {
    const { broker, client } = await startLocalServiceBus({
      queues: [{ name: 'q', duplicateDetectionWindowMs: 60_000 }],
    });
    const sender = client.createSender('q');
    const scheduledEnqueueTimeUtc = new Date(Date.now() + 60_000);

    await sender.sendMessages({ body: 'a', messageId: 'same', scheduledEnqueueTimeUtc });
    await sender.sendMessages({ body: 'b', messageId: 'same', scheduledEnqueueTimeUtc });
    await sender.sendMessages({ body: 'c', messageId: 'same' });

    expect(broker.depth('q')).toMatchObject({ active: 0, scheduled: 1 });
  });

  it('is off unless the queue asks for it', async () => {
    const { broker, client } = await startLocalServiceBus({ queues: [{ name: 'q' }] });

    await client.createSender('q').sendMessages([
      { body: 'a', messageId: 'same' },
      { body: 'b', messageId: 'same' },
    ]);

    expect(broker.depth('q').active).toBe(2);
  });
});
