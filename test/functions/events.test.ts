import { randomUUID } from 'node:crypto';

import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { switchDirectoryService } from '../../cli/story/administrator.ts';
import type { EmbeddedCloud } from '../../infra/local/embedded-cloud.ts';
import { eventually, startTestCloud, type TestCloud } from '../support/embedded-cloud.ts';

let test: TestCloud;
let cloud: EmbeddedCloud;
let id: string;

beforeAll(async () => {
  test = await startTestCloud({ remediation: { 'grant-consent': 'off' } });
  ({ cloud } = test);
  const accounts = [...(cloud.azure.tenant.collections.get('storage-accounts')?.values() ?? [])];
  id = String(accounts.find(({ name }) => name === 'contosoprofiles')?.['id']);
  await cloud.host.runTimer('nightly-audit');
  await eventually('the baseline', async () => (await cloud.store.runs.latest(1))[0]?.finishedAt);
}, 60_000);
afterAll(() => test.stop(), 60_000);

function eventAbout(resourceUri: string, over: Readonly<Record<string, unknown>> = {}) {
  return {
    id: randomUUID(),
    topic: resourceUri.split('/').slice(0, 3).join('/'),
    subject: resourceUri,
    eventType: 'Microsoft.Resources.ResourceWriteSuccess',
    eventTime: new Date().toISOString(),
    data: {
      resourceUri,
      operationName: 'Microsoft.Storage/storageAccounts/write',
      claims: { upn: 'ada.lovelace@contoso.example' },
      status: 'Succeeded',
      tenantId: cloud.azure.tenant.tenantId,
      ...over,
    },
    dataVersion: '2',
    metadataVersion: '1',
  };
}

async function post(...events: readonly object[]): Promise<void> {
  const { status, body } = await cloud.host.postEventGrid('storage-account-changed', events);
  expect([status, body]).toEqual([200, '']);
}

const audited = (accountId: string): number =>
  test.logs.filter(({ message }) => message.toLowerCase().startsWith(`${accountId.toLowerCase()}: judged`)).length;

const logged = (text: string) => eventually(text, () => test.logs.find(({ message }) => message.includes(text)));

describe('Events', () => {
  let refusals = 0;

  it('that are one and the same are one audit, however often and whenever they come', async () => {
    const event = eventAbout(id);
    for (let count = 0; count < 10; count += 1) await post(...Array.from({ length: 100 }, () => event));
    await eventually('the audit', () => (audited(id) > 0 ? true : null));
    await post(event);
    await logged(`Event ${event.id} came before and is done`);
    await new Promise((resolve) => setTimeout(resolve, 500));

    expect(audited(id)).toBe(1);
  });

  it('as CloudEvents are followed alike', async () => {
    const { id: eventId, subject, topic, eventType, eventTime, data } = eventAbout(id);
    const before = audited(id);
    await post({ id: eventId, source: topic, subject, type: eventType, time: eventTime, specversion: '1.0', data });

    await eventually('the audit', () => (audited(id) > before ? true : null));
  });

  it('about a private endpoint have the account audited that it leads to, though it is gone by now', async () => {
    const endpoints = [...(cloud.azure.tenant.collections.get('private-endpoints')?.values() ?? [])];
    const endpointId = String(endpoints[0]?.['id']);
    await post(eventAbout(endpointId, { operationName: 'Microsoft.Network/privateEndpoints/delete' }));

    const queued = await logged('queued the audit of /subscriptions/');
    expect(queued.message).toMatch(/storageaccounts\//i);
  });

  it('about a role for a whole management group are left to the night, which is said', async () => {
    const scope = '/providers/Microsoft.Management/managementGroups/contoso';
    await post(eventAbout(`${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`));

    await logged('left to the nightly audit');
  });

  it.each<[string, (accountId: string) => object, RegExp]>([
    ['of another tenant', (accountId) => eventAbout(accountId, { tenantId: randomUUID() }), /another tenant/],
    [
      'without a resource',
      (accountId) => ({ ...eventAbout(accountId, { resourceUri: '' }), subject: '' }),
      /resourceUri/,
    ],
    ['that are poison', (accountId) => ({ ...eventAbout(accountId), data: 3 }), /data/],
  ])('%s are refused with a reason, and say nothing of people', async (_, make, reason) => {
    await post(make(id));
    const client = new ServiceBusClient(cloud.broker.connectionString);
    const receiver = client.createReceiver('rejected', { receiveMode: 'receiveAndDelete' });
    const [refused] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 5000 });
    await client.close();

    expect(String(refused?.applicationProperties?.['reason'])).toMatch(reason);
    expect(JSON.stringify(refused?.body)).not.toMatch(/lovelace/i);
    const counted = JSON.stringify({
      metric: 'kerbwatch.rejected',
      unit: 'count',
      value: 1,
      source: 'storage-account-changed',
    });
    refusals += 1;
    await eventually('the count', () =>
      test.logs.filter(({ message }) => message === counted).length === refusals ? true : null,
    );
  });

  it('that tell of drift lead to an alert whose time on the way is kept', async () => {
    await switchDirectoryService(cloud, id, 'None');
    await switchDirectoryService(cloud, id, 'AADKERB');
    const alert = await eventually('the alert', () =>
      test.alerts.find(({ alert: { data } }) => data.rule === 'consent-granted' && data.transition === 'opened'),
    );
    const times = await eventually('the figures', async () =>
      (await cloud.store.latencies.latest(10)).find(({ alertId }) => alertId === alert.alert.id),
    );

    // The event names the administrator; of consent, which lies in Entra, that says nothing.
    expect(alert.alert.data).toMatchObject({ actor: null, actorConfidence: 'unknown' });
    expect(times.channel).toBe('webhook');
    expect(times.changedAt).toBeLessThanOrEqual(times.receivedAt);
    expect(times.receivedAt).toBeLessThanOrEqual(times.dueAt);
    expect(times.dueAt).toBeLessThanOrEqual(times.storedAt);
    expect(times.storedAt).toBeLessThanOrEqual(times.handedOverAt);
    await logged('"metric":"kerbwatch.alert-latency"');
  });
});
