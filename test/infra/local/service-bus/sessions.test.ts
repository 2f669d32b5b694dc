import { describe, expect, it } from 'vitest';
import { bodies, connect, receiveNow, receiveOne, sleep, startLocalServiceBus } from './local-client.ts';

const jobs = { queues: [{ name: 'jobs', requiresSession: true }] };

describe('sessions', () => {
  it('gives a receiver the messages of its session only, in order', async () => {
    const { client } = await startLocalServiceBus(jobs);
    await client.createSender('jobs').sendMessages([
      { body: 'a1', sessionId: 'a' },
      { body: 'b1', sessionId: 'b' },
      { body: 'a2', sessionId: 'a' },
    ]);

    const session = await client.acceptSession('jobs', 'a');

    const messages = await receiveNow(session, 10);
    expect(bodies(messages)).toEqual(['a1', 'a2']);
    for (const message of messages) await session.completeMessage(message);
  });

  it('is exclusive until it is given back', async () => {
    const { broker, client } = await startLocalServiceBus(jobs);
    const other = connect(broker);
    const session = await client.acceptSession('jobs', 'a');

    await expect(other.acceptSession('jobs', 'a')).rejects.toMatchObject({ code: 'SessionCannotBeLocked' });
    await session.close();
    const taken = await other.acceptSession('jobs', 'a');

    expect(taken.sessionId).toBe('a');
    await other.close();
  });

  it('hands the next receiver the longest waiting free session', async () => {
    const { client } = await startLocalServiceBus(jobs);
    await client.createSender('jobs').sendMessages([
      { body: '1', sessionId: 'first' },
      { body: '2', sessionId: 'second' },
    ]);

    const sessions = [await client.acceptNextSession('jobs'), await client.acceptNextSession('jobs')];

    expect(sessions.map(({ sessionId }) => sessionId)).toEqual(['first', 'second']);
  });

  it('keeps a receiver waiting until a session gets a message', async () => {
    const { client } = await startLocalServiceBus(jobs);
    const waiting = client.acceptNextSession('jobs');
    await sleep(200);

    await client.createSender('jobs').sendMessages({ body: 'x', sessionId: 'late' });

    const session = await waiting;
    expect(session.sessionId).toBe('late');
    expect(bodies(await receiveNow(session))).toEqual(['x']);
  });

  it('tells a receiver that waited in vain', async () => {
    const { client } = await startLocalServiceBus(jobs);
    const startedAt = Date.now();

    await expect(client.acceptNextSession('jobs')).rejects.toMatchObject({ code: 'ServiceTimeout' });

    expect(Date.now() - startedAt).toBeGreaterThan(1_000);
    await client.createSender('jobs').sendMessages({ body: 'x', sessionId: 'a' });
    expect((await client.acceptNextSession('jobs')).sessionId).toBe('a');
  });

  it('keeps state between receivers', async () => {
    const { client } = await startLocalServiceBus(jobs);
    const first = await client.acceptSession('jobs', 'a');
    expect(await first.getSessionState()).toBeNull();
    await first.setSessionState({ step: 2 });
    await first.close();

    const second = await client.acceptSession('jobs', 'a');

    expect(await second.getSessionState()).toEqual({ step: 2 });
    await second.setSessionState(null);
    expect(await second.getSessionState()).toBeNull();
  });

  it('returns unsettled messages when it is given back, without counting a failure', async () => {
    const { client } = await startLocalServiceBus(jobs);
    await client.createSender('jobs').sendMessages({ body: 'x', sessionId: 'a' });
    const first = await client.acceptSession('jobs', 'a');
    await receiveOne(first);
    await first.close();

    const second = await client.acceptNextSession('jobs');

    expect((await receiveOne(second)).deliveryCount).toBe(0);
  });

  it('is lost when its lock runs out: messages return with one failure and late settling fails', async () => {
    const { client, pass } = await startLocalServiceBus({
      queues: [{ name: 'jobs', requiresSession: true, lockDurationMs: 60_000 }],
    });
    await client.createSender('jobs').sendMessages({ body: 'x', sessionId: 'a' });
    const first = await client.acceptSession('jobs', 'a', { maxAutoLockRenewalDurationInMs: 0 });
    const message = await receiveOne(first);
    await pass(60_000);

    const second = await client.acceptNextSession('jobs');

    expect((await receiveOne(second)).deliveryCount).toBe(1);
    await expect(first.completeMessage(message)).rejects.toMatchObject({ code: 'SessionLockLost' });
  });

  it('lives on while its lock is renewed', async () => {
    const { client, pass } = await startLocalServiceBus({
      queues: [{ name: 'jobs', requiresSession: true, lockDurationMs: 60_000 }],
    });
    await client.createSender('jobs').sendMessages({ body: 'x', sessionId: 'a' });
    const session = await client.acceptSession('jobs', 'a', { maxAutoLockRenewalDurationInMs: 0 });
    const message = await receiveOne(session);

    for (let renewals = 0; renewals < 3; renewals += 1) {
      const before = session.sessionLockedUntilUtc.getTime();
      await pass(40_000);
      expect((await session.renewSessionLock()).getTime()).toBeGreaterThanOrEqual(before + 40_000);
    }

    await session.completeMessage(message);
  });

  it('keeps deferred messages for its holder', async () => {
    const { client } = await startLocalServiceBus(jobs);
    await client.createSender('jobs').sendMessages({ body: 'x', sessionId: 'a' });
    const session = await client.acceptSession('jobs', 'a');
    const message = await receiveOne(session);
    await session.deferMessage(message);
    if (message.sequenceNumber === undefined) throw new Error('A received message has a sequence number.');

    const [deferred] = await session.receiveDeferredMessages(message.sequenceNumber);

    expect(deferred?.body).toBe('x');
    if (deferred !== undefined) await session.completeMessage(deferred);
  });

  it('is not for receivers that ask for none, nor the other way round', async () => {
    const { client } = await startLocalServiceBus({ queues: [...jobs.queues, { name: 'plain' }] });

    await expect(receiveNow(client.createReceiver('jobs'))).rejects.toThrow(/requires sessions/);
    await expect(client.acceptSession('plain', 'a')).rejects.toMatchObject({ code: 'SessionCannotBeLocked' });
  });
});
