import { describe, expect, it } from 'vitest';
import { bodies, receiveNow, receiveOne, startLocalServiceBus, until } from './local-client.ts';

const alerts = {
  topics: [{ name: 'drift-alerts', subscriptions: [{ name: 'webhook', maxDeliveryCount: 1 }, { name: 'teams' }] }],
};

describe('topics', () => {
  it('copy every message to every subscription, each settled on its own', async () => {
    const { broker, client } = await startLocalServiceBus(alerts);
    await client.createSender('drift-alerts').sendMessages([{ body: 'a' }, { body: 'b' }]);
    const webhook = client.createReceiver('drift-alerts', 'webhook');

    const messages = await receiveNow(webhook, 5);
    expect(bodies(messages)).toEqual(['a', 'b']);
    for (const message of messages) await webhook.completeMessage(message);

    expect(broker.depth('drift-alerts/subscriptions/webhook').active).toBe(0);
    expect(broker.depth('drift-alerts/subscriptions/teams').active).toBe(2);
  });

  it('match subscription paths whatever their case', async () => {
    const { broker, client } = await startLocalServiceBus(alerts);
    await client.createSender('Drift-Alerts').sendMessages({ body: 'a' });

    expect(bodies(await receiveNow(client.createReceiver('DRIFT-ALERTS', 'Teams')))).toEqual(['a']);
    expect(broker.depth('drift-alerts/Subscriptions/WEBHOOK').active).toBe(1);
  });

  it('give each subscription its own dead-letter queue', async () => {
    const { client } = await startLocalServiceBus(alerts);
    await client.createSender('drift-alerts').sendMessages({ body: 'a' });
    const webhook = client.createReceiver('drift-alerts', 'webhook');

    await webhook.abandonMessage(await receiveOne(webhook));

    const dead = await receiveOne(client.createReceiver('drift-alerts', 'webhook', { subQueueType: 'deadLetter' }));
    expect(dead.body).toBe('a');
    expect(await receiveNow(client.createReceiver('drift-alerts', 'teams', { subQueueType: 'deadLetter' }))).toEqual(
      [],
    );
  });

  it('detect duplicates before the copies are made', async () => {
    const [topic] = alerts.topics;
    const { broker, client } = await startLocalServiceBus({
      topics: [{ name: 'drift-alerts', subscriptions: topic?.subscriptions ?? [], duplicateDetectionWindowMs: 60_000 }],
    });
    const sender = client.createSender('drift-alerts');
    await sender.sendMessages({ body: 'a', messageId: 'same' });
    await sender.sendMessages({ body: 'b', messageId: 'same' });

    expect(broker.depth('drift-alerts/subscriptions/teams').active).toBe(1);
  });

  it('hold scheduled messages until they are due', async () => {
    const { broker, client, pass } = await startLocalServiceBus(alerts);
    const sender = client.createSender('drift-alerts');

    await sender.scheduleMessages({ body: 'a' }, new Date(Date.now() + 60_000));

    expect(broker.depth('drift-alerts').scheduled).toBe(1);
    expect(broker.depth('drift-alerts/subscriptions/teams').active).toBe(0);
    await pass(60_000);
    expect(broker.depth('drift-alerts/subscriptions/teams').active).toBe(1);
    expect(broker.depth('drift-alerts').scheduled).toBe(0);
  });

  it('drop expired messages without dead-lettering unless the subscription asks for it', async () => {
    const { broker, client } = await startLocalServiceBus({
      topics: [
        {
          name: 't',
          defaultTimeToLiveMs: 150,
          subscriptions: [{ name: 'drops' }, { name: 'keeps', deadLetterOnExpiry: true }],
        },
      ],
    });
    await client.createSender('t').sendMessages({ body: 'a' });

    await until(() => broker.depth('t/subscriptions/keeps').deadLetter === 1);

    expect(broker.depth('t/subscriptions/drops')).toEqual({ active: 0, scheduled: 0, deadLetter: 0, locked: 0 });
  });

  it('can only be read through a subscription, and a subscription cannot be sent to', async () => {
    const { client } = await startLocalServiceBus(alerts);

    await expect(receiveNow(client.createReceiver('drift-alerts'))).rejects.toMatchObject({
      code: 'MessagingEntityNotFound',
    });
    await expect(client.createSender('drift-alerts/subscriptions/teams').sendMessages({ body: 'x' })).rejects.toThrow(
      /cannot be sent to/,
    );
  });
});
