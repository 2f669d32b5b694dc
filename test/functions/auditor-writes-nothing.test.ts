import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { connectStorage } from '../../infra/azure/tables/connection.ts';
import type { EmbeddedCloud } from '../../infra/local/embedded-cloud.ts';
import { tables } from '../../infra/names.ts';
import { eventually, startTestCloud, type TestCloud } from '../support/embedded-cloud.ts';

let test: TestCloud;
let cloud: EmbeddedCloud;

/** The deployed auditor: every function of its role, over a tenant with a fault that it plans a repair of, allowed to run by itself. */
beforeAll(async () => {
  test = await startTestCloud(
    { remediation: { 'grant-consent': 'auto', 'exclude-app-from-policy': 'approve' } },
    { KERBWATCH_ROLE: 'auditor' },
  );
  ({ cloud } = test);
  await nightly();
}, 60_000);
afterAll(() => test.stop(), 60_000);

async function nightly(): Promise<void> {
  const [former] = await cloud.store.runs.latest(1);
  await cloud.host.runTimer('nightly-audit');
  await eventually('the run', async () => {
    const [latest] = await cloud.store.runs.latest(1);
    return latest?.id !== former?.id && typeof latest?.finishedAt === 'number' ? latest : null;
  });
}

/** What only reads, though it is a POST. */
const readingPosts = [
  /^\/providers\/Microsoft\.ResourceGraph\/resources\?/iu,
  /^\/subscriptions\/[^/]+\/providers\/Microsoft\.Storage\/checkNameAvailability\?/iu,
  // Sign-in.
  /^\/[^/]+\/oauth2\/v2\.0\/token/iu,
];

describe('The app that audits', () => {
  it('asks Azure and Microsoft Graph for nothing but reads, through a fault, its job, a look and a sweep', async () => {
    const grants = cloud.azure.tenant.collections.get('oauth2-permission-grants');
    for (const key of [...(grants?.keys() ?? [])]) grants?.delete(key);
    await nightly();
    await eventually('a job', async () => (await Array.fromAsync(cloud.store.jobs.list('queued')))[0]);
    await cloud.host.runTimer('directory-watch');
    await cloud.host.runTimer('sweep');
    await cloud.host.runTimer('dispatch-outbox');

    const { log } = cloud.azure.requests;
    expect(log.filter(({ method }) => method === 'GET').length).toBeGreaterThan(20);
    expect(log.some(({ method, path }) => method === 'POST' && readingPosts[0]?.test(path))).toBe(true);
    const writes = log.filter(
      ({ method, path }) =>
        method !== 'GET' && !(method === 'POST' && readingPosts.some((reading) => reading.test(path))),
    );
    expect(writes).toEqual([]);
    expect(grants?.size).toBe(0);
  });

  it('sends the job and leaves it to another app: it is on the queue, in the state it was made in', async () => {
    expect(cloud.broker.depth('remediation-jobs').active).toBeGreaterThan(0);
    const states = (await Array.fromAsync(cloud.store.jobs.list())).map(({ state }) => state);
    expect(states).toContain('queued');
    expect(states.filter((state) => state !== 'queued' && state !== 'awaiting-approval')).toEqual([]);
  });

  it('leaves table approvals empty', async () => {
    const storage = connectStorage(cloud.environment, { credential: () => undefined as never });
    const rows = [];
    for await (const row of storage.table(tables.approvals).rows({})) rows.push(row);

    expect(rows).toEqual([]);
  });
});
