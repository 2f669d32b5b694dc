import { ServiceBusClient } from '@azure/service-bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Messages } from '../../../../domain/audit/ports.ts';
import type { SetAside, SetAsideContent, SetAsideQueue } from '../../../../domain/remediation/set-aside.ts';
import { connectServiceBus, type ServiceBusConnection } from '../../../../infra/azure/service-bus/connection.ts';
import { createMessages } from '../../../../infra/azure/service-bus/messages.ts';
import { createSetAside } from '../../../../infra/azure/service-bus/set-aside.ts';
import { createServiceBusBroker, type ServiceBusBroker } from '../../../../infra/local/service-bus/broker.ts';
import { serviceBusTopology } from '../../../../infra/names.ts';
import { job, tenantId } from '../samples.ts';
import { noCredential } from '../tables/stored.ts';

const work = { kind: 'shard', runId: 'run-1', shard: 3 } as const;

let broker: ServiceBusBroker;
let connection: ServiceBusConnection;
let client: ServiceBusClient;
let messages: Messages;
let setAside: SetAside;

beforeEach(async () => {
  broker = createServiceBusBroker({ topology: serviceBusTopology });
  await broker.start();
  connection = connectServiceBus({ ServiceBusConnection: broker.connectionString }, { credential: noCredential });
  client = new ServiceBusClient(broker.connectionString);
  messages = createMessages(connection, tenantId);
  setAside = createSetAside(connection);
});
afterEach(async () => {
  await Promise.all([client.close(), connection.close()]);
  await broker.stop();
});

/** Work that crashed, as the broker puts it aside. */
async function deadWork(...ids: readonly string[]): Promise<void> {
  await messages.auditWork(ids.map((messageId) => ({ messageId, work, notBefore: null })));
  const receiver = client.createReceiver('audit-work');
  for (const message of await receiver.receiveMessages(ids.length)) {
    await receiver.deadLetterMessage(message, {
      deadLetterReason: 'MaxDeliveryCountExceeded',
      deadLetterErrorDescription: '',
    });
  }
  await receiver.close();
}

/** What a message asks for, told without removing it. */
async function contentOf(queue: SetAsideQueue): Promise<SetAsideContent | null> {
  const [message] = await setAside.list(queue, 1);
  let told: SetAsideContent | null = null;
  const take = setAside.take(queue, message?.number ?? '', (_message, content) => {
    told = content;
    return Promise.reject(new Error('left where it is'));
  });
  await expect(take).rejects.toThrow('left where it is');
  return told;
}

describe('Dead letters', () => {
  it('are listed oldest first with their reason, and taken by nobody', async () => {
    await deadWork('a', 'b');
    const listed = await setAside.list('audit-work', 10);
    expect(listed).toMatchObject([
      { queue: 'audit-work', source: 'audit-work', reason: 'MaxDeliveryCountExceeded', jobId: null },
      { queue: 'audit-work' },
    ]);
    expect(await setAside.list('audit-work', 1)).toEqual(listed.slice(0, 1));
    expect(broker.depth('audit-work').deadLetter).toBe(2);
  });

  it('of jobs name their job, in whatever version the message is', async () => {
    await client
      .createSender('remediation-jobs')
      .sendMessages({ sessionId: 's', body: { data: { jobId: 'of-tomorrow' } } });
    const session = await client.acceptNextSession('remediation-jobs');
    for (const message of await session.receiveMessages(1)) await session.deadLetterMessage(message);
    await session.close();
    expect(await setAside.list('remediation-jobs', 10)).toMatchObject([{ jobId: 'of-tomorrow' }]);
  });

  it('are removed one by one, those beside them left', async () => {
    await deadWork('a', 'b', 'c');
    const [first, second, third] = await setAside.list('audit-work', 10);
    const resent: string[] = [];
    const taken = await setAside.take('audit-work', second?.number ?? '', ({ number }) => {
      resent.push(number);
      return Promise.resolve();
    });
    expect([taken, resent]).toEqual([true, [second?.number]]);
    expect((await setAside.list('audit-work', 10)).map(({ number }) => number)).toEqual([first?.number, third?.number]);
  });

  it('stay where what was to go in their place was not taken', async () => {
    await deadWork('a');
    expect(await contentOf('audit-work')).toEqual({ kind: 'work', work });
    expect(await setAside.list('audit-work', 10)).toHaveLength(1);
  });

  it('that are not there are not taken, and nothing is sent for them', async () => {
    await deadWork('a');
    const taken = await setAside.take('audit-work', '99', () => Promise.reject(new Error('sent')));
    expect(taken).toBe(false);
  });
});

describe('What was rejected', () => {
  it('is listed with the reason and where it came from', async () => {
    await messages.reject('storage-account-changed', 'Of another tenant', { id: 1 });
    const [listed] = await setAside.list('rejected', 10);
    expect(listed).toMatchObject({ reason: 'Of another tenant', source: 'storage-account-changed' });
    expect(Object.keys(listed ?? {})).not.toContain('body');
  });

  it.each<[string, unknown, SetAsideContent]>([
    ['audit-work', { schema: 'kerbwatch.audit-work/v1', ...work }, { kind: 'work', work }],
    ['remediation-jobs', { jobId: job().jobId, state: 'failed' }, { kind: 'job', jobId: job().jobId }],
    ['audit-work', { kind: 'shard' }, { kind: 'none', why: expect.stringContaining('never be processed') as string }],
    ['remediation-results', {}, { kind: 'none', why: expect.stringContaining('hint') as string }],
    ['drift-alerts/webhook', {}, { kind: 'none', why: expect.stringContaining('alert') as string }],
    ['storage-account-changed', {}, { kind: 'none', why: expect.stringContaining('nightly audit') as string }],
  ])('from %s with %j says what can go in its place', async (source, original, content) => {
    await messages.reject(source, 'r', original);
    expect(await contentOf('rejected')).toEqual(content);
  });

  it('of which only the beginning was kept cannot be sent again', async () => {
    await messages.reject('audit-work', 'r', {
      ...work,
      schema: 'kerbwatch.audit-work/v1',
      runId: 'x'.repeat(250_000),
    });
    expect(await contentOf('rejected')).toMatchObject({
      kind: 'none',
      why: expect.stringContaining('beginning') as string,
    });
  });
});
