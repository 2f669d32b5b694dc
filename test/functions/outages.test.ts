import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { switchDirectoryService } from '../../cli/story/administrator.ts';
import type { Run } from '../../domain/audit/run.ts';
import { compose } from '../../infra/compose.ts';
import type { EmbeddedCloud } from '../../infra/local/embedded-cloud.ts';
import { eventually, startTestCloud, type TestCloud } from '../support/embedded-cloud.ts';

let test: TestCloud;
let cloud: EmbeddedCloud;
let id: string;

beforeAll(async () => {
  test = await startTestCloud();
  ({ cloud } = test);
  const accounts = [...(cloud.azure.tenant.collections.get('storage-accounts')?.values() ?? [])];
  id = String(accounts.find(({ name }) => name === 'contosoprofiles')?.['id']);
  await cloud.host.runTimer('nightly-audit');
  await eventually('the baseline', async () => (await cloud.store.runs.latest(1))[0]?.finishedAt);
  await eventually('its alert', () => test.alerts[0]);
}, 60_000);
afterAll(() => test.stop(), 60_000);

async function nightly(): Promise<Run> {
  const [former] = await cloud.store.runs.latest(1);
  await cloud.host.runTimer('nightly-audit');
  return eventually('the run', async () => {
    const [latest] = await cloud.store.runs.latest(1);
    return latest?.id !== former?.id && typeof latest?.finishedAt === 'number' ? latest : null;
  });
}

function alertsAbout(rule: string, transition: string): number {
  return test.alerts.filter(({ alert }) => alert.data.rule === rule && alert.data.transition === transition).length;
}

describe('When Service Bus is down', () => {
  it('what was found stays stored, the message says what is unreachable, and job and alert leave when it is back', async () => {
    const { auditor, close } = await compose(cloud.environment);
    const warnings: string[] = [];
    const grants = cloud.azure.tenant.collections.get('oauth2-permission-grants');
    const principals = [...(cloud.azure.tenant.collections.get('service-principals')?.values() ?? [])];
    const client = principals.find(({ displayName }) => String(displayName).includes('contosoprofiles.file.'))?.['id'];
    for (const [key, grant] of grants ?? []) if (grant['clientId'] === client) grants?.delete(key);

    await cloud.broker.stop();
    const audited = await auditor.auditAccount(id, {
      kind: 'event',
      id: 'e1',
      actor: { kind: 'unknown', objectId: null },
    });
    await auditor.dispatch({ warn: (message) => warnings.push(message) });
    const before = { alerts: test.alerts.length, jobs: (await Array.fromAsync(cloud.store.jobs.list())).length };
    await cloud.broker.start();
    await close();

    expect(audited.transitions.map(({ rule, kind }) => [rule, kind])).toEqual([['consent-granted', 'opened']]);
    expect(warnings.join()).toContain('127.0.0.1');
    expect(before).toEqual({ alerts: 1, jobs: 1 });

    await cloud.host.runTimer('dispatch-outbox');
    await eventually('the repair', async () =>
      (await cloud.store.history.of(id.toLowerCase())).find(({ kind }) => kind === 'resolved'),
    );
    await eventually('the alerts', () => (alertsAbout('consent-granted', 'resolved') === 1 ? true : null));
    expect(alertsAbout('consent-granted', 'opened')).toBe(1);
  }, 60_000);
});

describe('When Table Storage is down', () => {
  it('work waits and resumes: the drift is found, alerted once and repaired', async () => {
    await cloud.storage.stopTables();
    await switchDirectoryService(cloud, id, 'None');
    await switchDirectoryService(cloud, id, 'AADKERB');
    const putOff = await eventually('the work to be put off', () =>
      test.logs.find(({ message }) => message.startsWith('Put off for')),
    );
    await cloud.storage.startTables();

    await eventually(
      'the verification',
      async () => (await cloud.store.history.of(id.toLowerCase())).filter(({ kind }) => kind === 'resolved')[1],
    );
    await eventually('the alert', () => (alertsAbout('mfa-excluded', 'opened') === 1 ? true : null));

    expect(putOff.message).toContain('127.0.0.1');
    expect(alertsAbout('consent-granted', 'reopened')).toBe(1);
    expect(cloud.broker.depth('audit-work').deadLetter).toBe(0);
  }, 60_000);
});

describe('When Microsoft Graph throttles', () => {
  it('the audit waits as it is told, and judges nothing by half a list', async () => {
    // What the drift above left behind in the tenant is found before.
    await nightly();
    // What follows from it reads the directory too, and would be throttled in the place of the next audit.
    let asked = -1;
    await eventually('Microsoft Graph to be left in peace', async () => {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const former = asked;
      asked = cloud.azure.requests.graph;
      return asked === former ? true : null;
    });
    const open = await Array.fromAsync(cloud.store.findings.list('open'));
    cloud.azure.faults.throttle(3, ({ kind }) => kind === 'graph', 1);
    const run = await nightly();

    expect(run.requests.throttled).toBe(3);
    // A subscription of the sample tenant is visible to nobody.
    expect(run.gaps.filter(({ reason }) => reason !== 'not-visible')).toEqual([]);
    expect(await Array.fromAsync(cloud.store.findings.list('open'))).toEqual(open);
  }, 60_000);
});
