import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { accountIdOf } from '../../cli/story/account-id.ts';
import { setPolicyState } from '../../cli/story/administrator.ts';
import type { EmbeddedCloud } from '../../infra/local/embedded-cloud.ts';
import { eventually, startTestCloud, type TestCloud } from '../support/embedded-cloud.ts';

let test: TestCloud;
let cloud: EmbeddedCloud;

beforeAll(async () => {
  test = await startTestCloud({ remediation: {} });
  ({ cloud } = test);
  await cloud.host.runTimer('directory-watch');
  await cloud.host.runTimer('nightly-audit');
  await eventually('the run', async () => {
    const [latest] = await cloud.store.runs.latest(1);
    return typeof latest?.finishedAt === 'number' ? latest : null;
  });
}, 60_000);
afterAll(() => test.stop());

/** One look. @returns what the function said, and the requests to Microsoft Graph that the look itself took */
async function look(): Promise<{ readonly said: readonly string[]; readonly graph: number }> {
  const [logs, graph] = [test.logs.length, cloud.azure.requests.graph];
  await cloud.host.runTimer('directory-watch');
  const said = test.logs
    .slice(logs)
    .filter(({ functionName, category }) => functionName === 'directory-watch' && category === 'user');
  return { said: said.map(({ message }) => message), graph: cloud.azure.requests.graph - graph };
}

describe('The directory watch in the functions host', () => {
  let quietAt = 0;

  it('says nothing where nothing has changed, at the cost of a request per list and page', async () => {
    const policies = cloud.azure.tenant.collections.get('conditional-access-policies')?.size ?? 0;

    // The embedded cloud lists ten policies a page, Microsoft Graph all of them.
    quietAt = Date.now();
    expect(await look()).toEqual({ said: [], graph: 3 + Math.ceil(policies / 10) });
  });

  it('finds consent that was taken away, names the account, and has it audited with itself as the cause', async () => {
    const key = accountIdOf(cloud, 'engcad').toLowerCase();
    const principals = [...(cloud.azure.tenant.collections.get('service-principals')?.values() ?? [])];
    const client = principals.find(({ displayName }) => String(displayName).includes(' engcad.file.'))?.['id'];
    const grants = cloud.azure.tenant.collections.get('oauth2-permission-grants');
    await new Promise((resolve) => setTimeout(resolve, 5));
    const takenAwayAt = Date.now();
    for (const [id, grant] of grants ?? []) if (grant['clientId'] === client) grants?.delete(id);

    const { said } = await look();
    const [opened] = await eventually('the finding', async () => {
      const found = await cloud.store.history.of(key);
      return found.length > 0 ? found : null;
    });

    expect(said).toEqual([expect.stringContaining('changes: 1, accounts touched: 1 (engcad)')]);
    expect(opened).toMatchObject({ rule: 'consent-granted', kind: 'opened', cause: { kind: 'watch' } });
    expect(said[0]).toContain(opened?.cause.id);
    // The delta tells no time: it was after the last look that saw nothing.
    const times = await eventually('the figures', async () =>
      (await cloud.store.latencies.latest(50)).find(({ alertId }) => alertId.startsWith(`${key}/consent-granted`)),
    );
    expect(times).toMatchObject({ plane: 'directory', changedAtIs: 'not-before' });
    expect(times.changedAt).toBeGreaterThanOrEqual(quietAt);
    expect(times.changedAt).toBeLessThan(takenAwayAt);
    expect(times.receivedAt).toBeGreaterThanOrEqual(takenAwayAt);
  });

  it('says what it could not read and which permission it takes, and takes it for no answer', async () => {
    const [policy] = [...(cloud.azure.tenant.collections.get('conditional-access-policies')?.values() ?? [])].filter(
      ({ state }) => state === 'enabledForReportingButNotEnforced',
    );
    const switchedAt = Date.now();
    await setPolicyState(cloud, String(policy?.['id']), 'enabled');
    const answeredAt = Date.now();
    cloud.azure.faults.forbid('conditional-access-policies');
    const blind = await look();
    cloud.azure.faults.allow('conditional-access-policies');
    const seeing = await look();

    expect(blind.said).toEqual([
      expect.stringMatching(/conditional-access-policies .*forbidden; it takes Policy\.Read\.All/),
    ]);
    expect(seeing.said).toEqual([expect.stringContaining('retailreports')]);
    // The policy tells when it was modified, and does so though a look in between was blind.
    const alert = `${accountIdOf(cloud, 'retailreports').toLowerCase()}/mfa-excluded`;
    const times = await eventually('the figures', async () =>
      (await cloud.store.latencies.latest(50)).find(({ alertId }) => alertId.startsWith(alert)),
    );
    expect(times).toMatchObject({ plane: 'directory', changedAtIs: 'known' });
    expect(times.changedAt).toBeGreaterThanOrEqual(switchedAt);
    expect(times.changedAt).toBeLessThanOrEqual(answeredAt);
  });

  it('starts over where its positions have expired', async () => {
    cloud.azure.deltas.expire();
    const { said } = await look();

    expect(said[0]).toContain('read from the start: applications, service-principals, oauth2-permission-grants');
    expect((await look()).said).toEqual([]);
  });
});
