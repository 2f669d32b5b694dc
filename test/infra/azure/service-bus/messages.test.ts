import { ServiceBusClient, type ServiceBusReceivedMessage } from '@azure/service-bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Messages } from '../../../../domain/audit/ports.ts';
import { BrokerUnreachable } from '../../../../infra/azure/service-bus/broker-unreachable.ts';
import { connectServiceBus, type ServiceBusConnection } from '../../../../infra/azure/service-bus/connection.ts';
import { createMessages } from '../../../../infra/azure/service-bus/messages.ts';
import { MessageTooLarge } from '../../../../infra/azure/service-bus/send-all.ts';
import { sha256 } from '../../../../infra/digest.ts';
import { createServiceBusBroker, type ServiceBusBroker } from '../../../../infra/local/service-bus/broker.ts';
import { parseAlertEvent } from '../../../../infra/messages/alert.ts';
import { parseAuditWork } from '../../../../infra/messages/audit-work.ts';
import { JobNotApproved, parseJobEvent } from '../../../../infra/messages/job.ts';
import { parseResultEvent } from '../../../../infra/messages/result.ts';
import { serviceBusTopology } from '../../../../infra/names.ts';
import { accountId, alert, job, noon, subscriptionId, tenantId } from '../samples.ts';

let broker: ServiceBusBroker;
let connection: ServiceBusConnection;
let messages: Messages;
let client: ServiceBusClient;

beforeEach(async () => {
  broker = createServiceBusBroker({ topology: serviceBusTopology });
  await broker.start();
  const settings = { ServiceBusConnection: broker.connectionString };
  connection = connectServiceBus(settings, { credential: noCredential, retries: 1, timeoutMs: 500 });
  messages = createMessages(connection, tenantId);
  client = new ServiceBusClient(broker.connectionString);
});
afterEach(async () => {
  await Promise.all([client.close(), connection.close()]);
  await broker.stop();
});

function noCredential(): never {
  throw new Error('A connection string needs no credential');
}

async function receive(queue: string, subscription?: string): Promise<ServiceBusReceivedMessage[]> {
  const receiver =
    subscription === undefined ? client.createReceiver(queue) : client.createReceiver(queue, subscription);
  const received = await receiver.receiveMessages(1, { maxWaitTimeInMs: 5000 });
  await receiver.close();
  return received;
}

describe('a remediation job', () => {
  it('that is sent since its message may be lost comes in one of its own, and once for each number', async () => {
    for (const resent of [undefined, undefined, 1, 1, 2]) await messages.job(job(), { resent });

    const session = await client.acceptNextSession('remediation-jobs');
    const received = await session.receiveMessages(5, { maxWaitTimeInMs: 2000 });
    await session.close();
    expect(received).toHaveLength(3);
    expect(new Set(received.map(({ messageId }) => messageId)).size).toBe(3);
    const [first, second] = received.map(({ body }) => parseJobEvent(body).data);
    expect(second).toEqual(first);
  });

  it('has the broker properties, application properties and body of its contract', async () => {
    await messages.job(job());

    const session = await client.acceptNextSession('remediation-jobs');
    const [message] = await session.receiveMessages(1);
    await session.close();
    expect(message).toMatchObject({
      messageId: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      sessionId: sha256('44444444-aaaa-4444-4444-444444444444'),
      subject: 'remediation.requested',
      correlationId: 'run-1',
      contentType: 'application/cloudevents+json; charset=utf-8',
    });
    expect(message?.applicationProperties).toEqual({
      schemaVersion: '1.0',
      rule: 'consent-granted',
      action: 'grant-consent',
      risk: 'safe',
      subscriptionId,
      dryRun: false,
    });
    const event = parseJobEvent(message?.body);
    expect(event).toMatchObject({ id: message?.messageId, time: '2026-11-21T12:00:00.000Z' });
    expect(event.data).toEqual({
      jobId: 'ab54cafe',
      findingIds: ['profiles/consent-granted'],
      rule: 'consent-granted',
      action: 'grant-consent',
      tenantId,
      target: { type: 'servicePrincipal', id: '44444444-AAAA-4444-4444-444444444444', name: 'profiles' },
      accounts: [{ id: accountId('profiles'), name: 'profiles' }],
      plan: job().plan.calls,
      risk: 'safe',
      approval: { required: false },
      dryRun: false,
      notBefore: '2026-11-21T12:00:00.000Z',
      expiresAt: '2026-11-22T12:00:00.000Z',
      attempt: 1,
    });
  });

  it('is one message however often it is sent, and another in its next attempt', async () => {
    await messages.job(job());
    await messages.job(job());
    expect(broker.depth('remediation-jobs').active).toBe(1);

    await messages.job(job({ attempt: 2 }));
    expect(broker.depth('remediation-jobs').active).toBe(2);
  });

  it('waits on the queue until its time', async () => {
    const tomorrow = Date.now() + 86_400_000;

    await messages.job(job({ notBefore: tomorrow, expiresAt: tomorrow + 1 }));

    expect(broker.depth('remediation-jobs')).toMatchObject({ active: 0, scheduled: 1 });
  });

  it('names no subscription when its accounts are in several', async () => {
    const elsewhere = { id: accountId('homes').replace(subscriptionId, 'another'), name: 'homes' };
    await messages.job(job({ accounts: [...job().accounts, elsewhere] }));

    const session = await client.acceptNextSession('remediation-jobs');
    const [message] = await session.receiveMessages(1);
    await session.close();
    expect(message?.applicationProperties?.['subscriptionId']).toBe('-');
  });

  it('is not sent without the approval it needs', async () => {
    await expect(messages.job(job({ approvalRequired: true }))).rejects.toThrow(JobNotApproved);
    expect(broker.depth('remediation-jobs').active).toBe(0);
  });
});

describe('an alert', () => {
  it('reaches each channel once, under an id the service takes', async () => {
    await messages.alert(alert('profiles'));
    await messages.alert(alert('profiles'));

    for (const channel of ['webhook', 'teams', 'log-analytics']) {
      expect(broker.depth(`drift-alerts/subscriptions/${channel}`).active).toBe(1);
      const received = await receive('drift-alerts', channel);
      expect(received[0]?.messageId).toBe(sha256(alert('profiles').id));
      expect(parseAlertEvent(received[0]?.body)).toMatchObject({
        id: alert('profiles').id,
        type: 'kerbwatch.drift.v1',
        data: { transition: 'opened', at: '2026-11-21T12:00:00.000Z' },
      });
    }
  });
});

describe('an alert about what an event told', () => {
  it('carries when that was beside its body, which channels are not told', async () => {
    const events = { ids: ['e1'], changedAt: noon, receivedAt: noon + 1, dueAt: noon + 2 };
    await messages.alert({ ...alert('events'), events });
    const [received] = await receive('drift-alerts', 'webhook');

    expect(received?.applicationProperties).toEqual({
      plane: 'storage',
      changedAtIs: 'known',
      changedAt: noon,
      receivedAt: noon + 1,
      dueAt: noon + 2,
    });
    expect(JSON.stringify(parseAlertEvent(received?.body))).not.toContain('e1');
  });
});

describe('audit work', () => {
  it('is sent in batches where one is too small, each message once', async () => {
    const runId = 'r'.repeat(1000);
    const work = Array.from({ length: 600 }, (_, shard) => ({
      messageId: `shard-${String(shard)}`,
      work: { kind: 'shard', runId, shard } as const,
      notBefore: null,
    }));

    await messages.auditWork(work);
    await messages.auditWork(work);

    // More than the 256 KB that the broker takes at once.
    expect(600 * runId.length).toBeGreaterThan(2 * 262_144);
    expect(broker.depth('audit-work').active).toBe(600);
  });

  it('that the broker would not take is named', async () => {
    const work = { kind: 'shard', runId: 'r'.repeat(300_000), shard: 0 } as const;

    await expect(messages.auditWork([{ messageId: 'm1', work, notBefore: null }])).rejects.toThrow(MessageTooLarge);
  });

  it('arrives as it was sent', async () => {
    const cause = { kind: 'event', id: 'e1', actor: { kind: 'user', objectId: 'o1' } } as const;
    const work = { kind: 'account', accountId: accountId('profiles'), cause } as const;

    await messages.auditWork([{ messageId: 'm1', work, notBefore: null }]);

    const [received] = await receive('audit-work');
    expect(received?.messageId).toBe('m1');
    expect(parseAuditWork(received?.body)).toEqual(work);
  });

  it('waits until its time', async () => {
    const work = { kind: 'shard', runId: 'r1', shard: 0 } as const;

    await messages.auditWork([{ messageId: 'm1', work, notBefore: Date.now() + 60_000 }]);

    expect(broker.depth('audit-work')).toMatchObject({ active: 0, scheduled: 1 });
  });

  it('needs no broker when there is none to do', async () => {
    await broker.stop();

    await expect(messages.auditWork([])).resolves.toBeUndefined();
  });
});

describe('a result', () => {
  it('says what became of the job', async () => {
    await messages.result(job(), 'refused', 'switched off', noon);

    const [received] = await receive('remediation-results');
    expect(received?.correlationId).toBe('run-1');
    expect(parseResultEvent(received?.body)).toMatchObject({
      type: 'kerbwatch.remediation.completed.v1',
      data: { jobId: 'ab54cafe', outcome: 'refused', reason: 'switched off', at: '2026-11-21T12:00:00.000Z' },
    });
  });
});

describe('what is refused', () => {
  it('is put aside with its reason, and without the claims it came with', async () => {
    await messages.reject('audit-work', 'shard: expected a number', {
      kind: 'shard',
      data: { claims: { name: 'Ada' } },
    });

    const [received] = await receive('rejected');
    expect(received?.applicationProperties).toEqual({ reason: 'shard: expected a number', source: 'audit-work' });
    expect(received?.body).toEqual({ kind: 'shard', data: { claims: '(dropped)' } });
  });

  it('is one copy though its message comes again before it is settled, and another where it was sent again', async () => {
    const depth = () => broker.depth('rejected').active;
    const before = depth();
    for (const messageId of ['m1', 'm1', 'm2'])
      await messages.reject('audit-work', 'no shard', { kind: 'x' }, messageId);

    expect(depth() - before).toBe(2);
  });

  it('is cut where the broker would not take it', async () => {
    await messages.reject('audit-work', 'too long '.repeat(10_000), `not JSON ${'é'.repeat(300_000)}`);

    const [received] = await receive('rejected');
    expect(received?.applicationProperties).toMatchObject({ truncated: true, originalBytes: 600_009 });
    const text = new TextDecoder('utf-8', { fatal: true }).decode(received?.body as Uint8Array);
    expect(text).toMatch(/^not JSON é+$/);
  });
});

describe('a broker that is down', () => {
  it('is named from the start', async () => {
    await broker.stop();

    await expect(messages.job(job())).rejects.toThrow(/127\.0\.0\.1.*remediation-jobs \(ECONNREFUSED\)/);
  });

  it('is named, and takes what is sent again once it is back', async () => {
    await messages.alert(alert('profiles'));
    await broker.stop();

    const sending = messages.alert(alert('homes'));

    await expect(sending).rejects.toThrow(BrokerUnreachable);
    await expect(sending).rejects.toThrow(/127\.0\.0\.1.*drift-alerts/);
    await broker.start();
    await messages.alert(alert('homes'));
    expect(broker.depth('drift-alerts/subscriptions/webhook').active).toBe(2);
  });
});
