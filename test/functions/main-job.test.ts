import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { switchDirectoryService } from '../../cli/story/administrator.ts';
import type { Run } from '../../domain/audit/run.ts';
import type { Finding } from '../../domain/findings/finding.ts';
import { administrator, type EmbeddedCloud } from '../../infra/local/embedded-cloud.ts';
import { workload } from '../../infra/local/azure/server.ts';
import { eventually, startTestCloud, type TestCloud } from '../support/embedded-cloud.ts';

let test: TestCloud;
let cloud: EmbeddedCloud;

beforeAll(async () => {
  test = await startTestCloud();
  ({ cloud } = test);
});
afterAll(() => test.stop());

const account = (name: string): string => {
  for (const { id, name: found } of cloud.azure.tenant.collections.get('storage-accounts')?.values() ?? []) {
    if (found === name && typeof id === 'string') return id;
  }
  throw new Error(`No account ${name}`);
};

async function nightly(): Promise<Run> {
  await cloud.host.runTimer('nightly-audit');
  return eventually('the run', async () => {
    const [latest] = await cloud.store.runs.latest(1);
    return typeof latest?.finishedAt === 'number' ? latest : null;
  });
}

async function findings(state: Finding['state']): Promise<Finding[]> {
  return Array.fromAsync(cloud.store.findings.list(state));
}

async function send(queue: string, body: unknown, sessionId?: string): Promise<void> {
  const client = new ServiceBusClient(cloud.broker.connectionString);
  await client.createSender(queue).sendMessages({ body, ...(sessionId === undefined ? {} : { sessionId }) });
  await client.close();
}

/** What is on `rejected` by now, taken off it. */
async function rejected(): Promise<{ reason: unknown; source: unknown }[]> {
  const client = new ServiceBusClient(cloud.broker.connectionString);
  const receiver = client.createReceiver('rejected', { receiveMode: 'receiveAndDelete' });
  const messages = await receiver.receiveMessages(50, { maxWaitTimeInMs: 2000 });
  await client.close();
  return messages.map(({ applicationProperties }) => ({
    reason: applicationProperties?.['reason'],
    source: applicationProperties?.['source'],
  }));
}

describe('The functions on the embedded cloud', () => {
  it('register what role all may do, one function per channel', () => {
    expect(cloud.host.functions.map(({ name }) => name).sort()).toEqual([
      'api',
      'audit-work',
      'deliver-alert-event-grid',
      'deliver-alert-log-analytics',
      'deliver-alert-slack',
      'deliver-alert-teams',
      'deliver-alert-webhook',
      'directory-watch',
      'dispatch-outbox',
      'nightly-audit',
      'remediate',
      'remediation-api',
      'remediation-results',
      'storage-account-changed',
      'sweep',
      'withdraw-jobs',
    ]);
  });

  it('make the first audit a baseline: findings open, one summary alert, no job', async () => {
    const run = await nightly();
    const open = await findings('open');
    const summary = await eventually('the summary', () => test.alerts[0]);

    expect(run.tally?.baselined).toBe(open.length);
    expect(open.length).toBeGreaterThan(0);
    expect(summary.alert.data).toMatchObject({ transition: 'summary', rule: null });
    expect(test.alerts).toHaveLength(1);
    expect(await Array.fromAsync(cloud.store.jobs.list())).toEqual([]);
  });

  it('name the subscription that nobody may read as a gap of every list that lies in subscriptions', async () => {
    const [run] = await cloud.store.runs.latest(1);
    const unreadable = cloud.azure.tenant.subscriptions.filter(({ readable }) => !readable).map(({ id }) => id);

    expect(unreadable).toHaveLength(1);
    expect(run?.gaps).toEqual(
      ['private-endpoints', 'role-assignments', 'storage-accounts'].map((collection) => ({
        collection,
        scope: `/subscriptions/${(unreadable[0] ?? '').toLowerCase()}`,
        reason: 'not-visible',
        needs: 'Reader on the subscription',
      })),
    );
  });

  it('change nothing at a second audit of an unchanged estate', async () => {
    const before = await findings('open');
    const run = await nightly();

    expect(run.tally).toMatchObject({ opened: 0, reopened: 0, resolved: 0, baselined: 0 });
    expect(await findings('open')).toEqual(before);
    expect(test.alerts).toHaveLength(1);
  });

  it('agree when two audits run at once', async () => {
    const before = await findings('open');
    await Promise.all([cloud.host.runTimer('nightly-audit'), cloud.host.runTimer('nightly-audit')]);
    await eventually('both runs', async () => {
      const runs = await cloud.store.runs.latest(4);
      return runs.length === 4 && runs.every(({ finishedAt }) => finishedAt !== null) ? runs : null;
    });

    expect(await findings('open')).toEqual(before);
  });

  it('notice drift, alert once per finding with who did it, repair the consent, verify, and leave the rest', async () => {
    const id = account('contosoprofiles');
    const key = id.toLowerCase();
    await switchDirectoryService(cloud, id, 'None');
    await switchDirectoryService(cloud, id, 'AADKERB');

    const resolved = await eventually('the verification', async () =>
      (await cloud.store.history.of(key)).find(({ kind }) => kind === 'resolved'),
    );
    const history = await cloud.store.history.of(key);
    expect(resolved).toMatchObject({
      rule: 'consent-granted',
      cause: { kind: 'verification', actor: { kind: 'application', objectId: workload.objectId } },
    });
    expect(
      history
        .filter(({ kind }) => kind === 'opened')
        .map(({ rule }) => rule)
        .sort(),
    ).toEqual(['consent-granted', 'mfa-excluded']);
    expect(history[0]?.cause).toMatchObject({
      kind: 'event',
      actor: { kind: 'user', objectId: administrator.objectId },
    });

    const about = await eventually('three alerts', () => {
      const found = test.alerts.filter(({ alert }) => alert.data.accounts.some((named) => named.id === id));
      return found.length >= 3 ? found : null;
    });
    expect(about.map(({ alert }) => `${alert.data.rule ?? ''} ${alert.data.transition}`).sort()).toEqual([
      'consent-granted opened',
      'consent-granted resolved',
      'mfa-excluded opened',
    ]);

    const stored = await eventually('the dry run for the policy', async () => {
      const jobs = await Array.fromAsync(cloud.store.jobs.list());
      const dry = jobs.filter(({ job }) => job.plan.action === 'exclude-app-from-policy');
      return dry.length > 0 && dry.every(({ state }) => state === 'dry-run') ? jobs : null;
    });
    const [consent, ...others] = Object.entries(Object.groupBy(stored, ({ job }) => job.plan.action))
      .sort()
      .reverse();
    expect(consent).toMatchObject([
      'grant-consent',
      [{ state: 'done', job: { plan: { risk: 'safe' }, dryRun: false } }],
    ]);
    // One job for each policy, of all accounts that it breaks.
    expect(others.map(([action]) => action)).toEqual(['exclude-app-from-policy']);
    const policies = stored.filter(({ job }) => job.rule === 'mfa-excluded').map(({ job }) => job);
    expect(new Set(policies.map(({ plan }) => plan.target.id)).size).toBe(policies.length);
    expect(policies.every(({ accounts, dryRun }) => dryRun && accounts.some((named) => named.id === id))).toBe(true);
    const left = (await findings('open')).filter((finding) => finding.account?.key === key);
    expect(left.map(({ rule }) => rule)).toEqual(['mfa-excluded']);
  });

  it.each([
    ['audit-work', { kind: 'nonsense' }, undefined, /kind/],
    ['audit-work', 'no JSON at all', undefined, /not JSON|body/],
    [
      'audit-work',
      { schema: 'kerbwatch.audit-work/v1', kind: 'shard', runId: 'no-such-run', shard: 0 },
      undefined,
      /no shard/,
    ],
    ['remediation-jobs', { specversion: '1.0' }, 'some-object', /remediation job/],
  ])(
    'put a message of %s that can never be processed on rejected, with its reason',
    async (queue, body, session, reason) => {
      await send(queue, body, session);
      const found = await eventually('the rejection', async () => (await rejected())[0]);

      expect(String(found.reason)).toMatch(reason);
      expect(found.source).toBe(queue);
      expect(cloud.broker.depth(queue)).toMatchObject({ active: 0, deadLetter: 0 });
    },
  );

  it('put a malformed event on rejected without delaying the next one', async () => {
    const answer = await cloud.host.postEventGrid('storage-account-changed', [
      {
        id: 'x',
        eventType: 'Microsoft.Resources.ResourceWriteSuccess',
        subject: '/',
        eventTime: '2026-01-01',
        data: 3,
      },
    ]);
    const found = await eventually('the rejection', async () => (await rejected())[0]);

    expect(answer.status).toBe(200);
    expect(String(found.reason)).toContain('Event Grid event');
  });

  it('find what is wrong with the tenant in the night, alert once without naming an account, and say when it is well', async () => {
    const rule = 'security-defaults-off-or-accepted';
    const defaults = cloud.azure.tenant.collections.get('security-defaults');
    const turn = (isEnabled: boolean): void => {
      for (const [key, policy] of defaults ?? []) defaults?.set(key, { ...policy, isEnabled });
    };
    const told = () => test.alerts.filter(({ alert }) => alert.data.rule === rule).map(({ alert }) => alert.data);
    const about = `-/${cloud.azure.tenant.tenantId.toLowerCase()}`;

    turn(true);
    await nightly();
    await nightly();
    await eventually('the alert', () => told()[0]);
    const [open] = (await findings('open')).filter((finding) => finding.rule === rule);
    turn(false);
    await nightly();
    await eventually('its end', () => told()[1]);

    expect(open).toMatchObject({ account: null, id: `-/${rule}/${cloud.azure.tenant.tenantId.toLowerCase()}` });
    expect(told()).toMatchObject([
      { transition: 'opened', accounts: [], findingIds: [open?.id] },
      { transition: 'resolved', accounts: [], findingIds: [open?.id] },
    ]);
    expect((await cloud.store.history.of(about)).map(({ kind }) => kind)).toEqual(['opened', 'resolved']);
  });
});
