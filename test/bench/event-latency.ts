import { switchDirectoryService } from '../../cli/story/administrator.ts';
import type { EmbeddedCloud } from '../../infra/local/embedded-cloud.ts';
import type { ReceivedAlert } from '../../infra/local/webhook-receiver.ts';
import { waitFor } from './bench-cloud.ts';
import { figure, heading, percentile } from './figures.ts';

const switches = 30;

/**
 * From the moment an account is switched to Entra Kerberos (a new app without consent) to the webhook's receipt of the
 * alert about it. One account after another; the nightly audit must have run, so that this is drift and no baseline.
 */
export async function benchEventLatency(cloud: EmbeddedCloud, alerts: readonly ReceivedAlert[]): Promise<void> {
  heading(
    'From event to alert',
    `${String(switches)} accounts switched off and on through ARM, one after another; debounce 0; the PATCH's answer to the webhook's receipt`,
  );
  const latencies: number[] = [];
  for (const id of (await healthyAccounts(cloud)).slice(0, switches)) {
    const key = id.toLowerCase();
    await switchDirectoryService(cloud, id, 'None');
    await switchDirectoryService(cloud, id, 'AADKERB');
    const switchedAt = Date.now();
    let receivedAt = Number.NaN;
    await waitFor(`the alert about ${id}`, () => {
      const found = alerts.find(
        ({ alert: { data } }) =>
          data.rule === 'consent-granted' && data.accounts.some((account) => account.id.toLowerCase() === key),
      );
      receivedAt = found?.receivedAt ?? Number.NaN;
      return found !== undefined;
    });
    latencies.push(receivedAt - switchedAt);
  }
  figure('accounts', String(latencies.length));
  for (const [name, share] of [
    ['p50', 0.5],
    ['p95', 0.95],
    ['p99', 0.99],
  ] as const) {
    figure(name, `${percentile(latencies, share).toFixed(0)} ms`);
  }
}

/** Accounts on Entra Kerberos with no open finding. */
async function healthyAccounts(cloud: EmbeddedCloud): Promise<string[]> {
  const open = new Set<string>();
  for await (const { account } of cloud.store.findings.list('open')) if (account !== null) open.add(account.key);
  const accounts = cloud.azure.tenant.collections.get('storage-accounts')?.values() ?? [];
  return [...accounts].flatMap(({ id, kind }) =>
    typeof id === 'string' && kind === 'FileStorage' && !open.has(id.toLowerCase()) ? [id] : [],
  );
}
