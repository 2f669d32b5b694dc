import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Run } from '../../domain/audit/run.ts';
import type { Finding } from '../../domain/findings/finding.ts';
import { connectStorage } from '../../infra/azure/tables/connection.ts';
import { createFormerKeys } from '../../infra/azure/tables/former-keys.ts';
import type { EmbeddedCloud } from '../../infra/local/embedded-cloud.ts';
import { subscriptionByKey } from '../../infra/local/sample-tenant/subscriptions.ts';
import { tables } from '../../infra/names.ts';
import { eventually, startTestCloud, type TestCloud } from '../support/embedded-cloud.ts';

let test: TestCloud;
let cloud: EmbeddedCloud;
const lost = 'coverage-lost';
const finance = subscriptionByKey('finance').id.toLowerCase();

beforeAll(async () => {
  test = await startTestCloud();
  ({ cloud } = test);
  await nightly();
});
afterAll(() => test.stop());

async function nightly(): Promise<Run> {
  const before = await cloud.store.runs.latest(1);
  await cloud.host.runTimer('nightly-audit');
  return eventually('the run', async () => {
    const [latest] = await cloud.store.runs.latest(1);
    return latest?.id !== before[0]?.id && typeof latest?.finishedAt === 'number' ? latest : null;
  });
}

async function findings(state: Finding['state']): Promise<Finding[]> {
  return Array.fromAsync(cloud.store.findings.list(state));
}

function told(): string[] {
  return test.alerts
    .filter(({ alert }) => alert.data.rule === lost)
    .map(({ alert: { data } }) => `${data.transition} ${data.severity} ${data.findingIds.join(' ')}`)
    .sort();
}

/** Whether the auditor may see the subscription. */
function show(subscriptionId: string, readable: boolean): void {
  for (const subscription of cloud.azure.tenant.subscriptions) {
    if (subscription.id.toLowerCase() === subscriptionId) Object.assign(subscription, { readable });
  }
}

describe('A night after a permission was taken away', () => {
  const ids = [`-/${lost}/${finance}:storage-accounts`, `-/${lost}/tenant:oauth2-permission-grants`].sort();

  it('tells a lost subscription and a lost collection once each, and closes nothing', async () => {
    const before = await findings('open');
    cloud.azure.faults.forbid('oauth2-permission-grants');
    show(finance, false);
    const run = await nightly();
    await nightly();
    await eventually('the alerts', () => (told().length >= 2 ? told() : null));

    const open = await findings('open');
    expect(
      open
        .filter(({ rule }) => rule === lost)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(ids);
    expect(open.filter(({ rule }) => rule !== lost)).toEqual(before);
    expect(before.some(({ account }) => account?.subscriptionId === finance)).toBe(true);
    expect(run.tally).toMatchObject({ opened: 2, resolved: 0, vanished: { asked: 0 } });
    expect(told()).toEqual(ids.map((id) => `opened high ${id}`));
    expect(
      (await cloud.store.runs.coverage(run.id)).find(({ collection }) => collection === 'oauth2-permission-grants'),
    ).toMatchObject({ gaps: [{ reason: 'forbidden' }], rows: 0 });
  });

  it('resolves both when they are read again', async () => {
    cloud.azure.faults.allow('oauth2-permission-grants');
    show(finance, true);
    const run = await nightly();
    await eventually('the alerts', () => (told().length >= 4 ? told() : null));

    expect((await findings('open')).filter(({ rule }) => rule === lost)).toEqual([]);
    expect(told()).toEqual([...ids.map((id) => `opened high ${id}`), ...ids.map((id) => `resolved high ${id}`)].sort());
    const ledger = await cloud.store.runs.coverage(run.id);
    const accounts = ledger.filter(({ collection, gaps }) => collection === 'storage-accounts' && gaps.length === 0);
    expect(accounts.reduce((sum, { rows }) => sum + rows, 0)).toBe(run.accounts.seen);
    expect(accounts.find(({ place }) => place === 'tenant')?.pages).toBeGreaterThan(0);
    expect(
      ledger.find(({ collection, place }) => collection === 'file-services' && place === finance)?.rows,
    ).toBeGreaterThan(0);
  });
});

describe('A night after an account was moved without an event', () => {
  it('asks for it at its old place, closes what was there as gone, and keeps the history together', async () => {
    const accounts = cloud.azure.tenant.collections.get('storage-accounts');
    const about = (await findings('open')).find(({ account }) => account?.subscriptionId === finance)?.account;
    const from = about?.key ?? '';
    const wire = accounts?.get(from);
    const engineering = subscriptionByKey('engineering').id;
    const id = (about?.id ?? '').replace(new RegExp(finance, 'i'), engineering);
    accounts?.delete(from);
    accounts?.set(id.toLowerCase(), { ...wire, id });

    const run = await nightly();
    const gone = await eventually('what is gone', async () => {
      const found = (await findings('gone')).filter(({ account }) => account?.key === from);
      return found.length > 0 ? found : null;
    });

    expect(run.tally?.vanished).toMatchObject({ asked: 1, moved: 1, waiting: 0 });
    const steps = await eventually('the history', async () => {
      const found = (await cloud.store.history.of(from)).filter(({ kind }) => kind === 'gone');
      return found.length === gone.length ? found : null;
    });
    expect(steps.every(({ cause }) => cause.kind === 'nightly' && cause.id === run.id)).toBe(true);
    const { AzureWebJobsStorage } = cloud.environment;
    const storage = connectStorage({ AzureWebJobsStorage }, { credential: noCredential });
    expect(await createFormerKeys(storage.table(tables.accounts)).of(id.toLowerCase())).toEqual([from]);
  });
});

function noCredential(): never {
  throw new Error('A connection string needs no credential');
}
