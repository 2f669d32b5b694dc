import { switchDirectoryService } from '../../cli/story/administrator.ts';
import { type Latency, latencyByPlane, latencyStages } from '../../domain/audit/latency.ts';
import type { EmbeddedCloud } from '../../infra/local/embedded-cloud.ts';
import type { ReceivedAlert } from '../../infra/local/webhook-receiver.ts';
import { waitFor } from './bench-cloud.ts';
import { figure, heading, percentileLine, percentiles } from './figures.ts';

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
  figure('PATCH answered to receipt', percentiles(latencies));
  await printStages(cloud);
}

const parts: Readonly<Record<keyof Latency, string>> = {
  delivery: 'change to its event received',
  debounce: 'debounce',
  audit: 'event received to finding stored',
  alert: 'finding stored to alert handed over',
  total: 'event received to alert handed over',
  sinceChange: 'change to alert handed over',
};

/** What the functions themselves measured and kept, of every alert that an event led to. */
async function printStages(cloud: EmbeddedCloud): Promise<void> {
  const { alerts, stages } = latencyByPlane(await cloud.store.latencies.latest(1000)).storage;
  figure('alerts that the functions measured', String(alerts));
  if (stages === null) return;
  for (const stage of latencyStages) figure(parts[stage], percentileLine(stages[stage]));
}

/** Accounts on Entra Kerberos with no open finding. */
async function healthyAccounts(cloud: EmbeddedCloud): Promise<string[]> {
  const open = new Set<string>();
  for await (const { account } of cloud.store.findings.list('open', 'remediating'))
    if (account !== null) open.add(account.key);
  const accounts = cloud.azure.tenant.collections.get('storage-accounts')?.values() ?? [];
  return [...accounts].flatMap(({ id, kind }) =>
    typeof id === 'string' && kind === 'FileStorage' && !open.has(id.toLowerCase()) ? [id] : [],
  );
}
