import { join } from 'node:path';

import { buildBundle } from '../../infra/build.ts';
import { type EmbeddedCloud, startEmbeddedCloud, webhookSecretSetting } from '../../infra/local/embedded-cloud.ts';
import { loadTenant } from '../../infra/local/azure/tenant.ts';
import type { ReceivedAlert } from '../../infra/local/webhook-receiver.ts';
import { root } from './run-child.ts';

/** The embedded cloud over a snapshot directory: no debounce, no repair, alerts by webhook. */
export async function startBenchCloud(directory: string, alerts: ReceivedAlert[]): Promise<EmbeddedCloud> {
  const bundle = join(root, 'dist/main.mjs');
  await buildBundle({ outfile: bundle });
  return startEmbeddedCloud({
    tenant: await loadTenant(directory),
    bundle,
    settings: (url) => ({
      schema: 'kerbwatch.settings/v1',
      watch: { debounceSeconds: 0 },
      remediation: { 'grant-consent': 'off' },
      alerts: [{ channel: 'webhook', url, secretSetting: webhookSecretSetting, minimumSeverity: 'medium' }],
    }),
    log: ({ level, message }) => {
      if (level === 'error' || level === 'critical') console.error(`  ${message}`);
    },
    onAlert: (alert) => alerts.push(alert),
  });
}

/** Runs the nightly audit to its end. @returns how long it took, milliseconds */
export async function runNightlyAudit(cloud: EmbeddedCloud): Promise<number> {
  const [former] = await cloud.store.runs.latest(1);
  const started = performance.now();
  await cloud.host.runTimer('nightly-audit');
  await waitFor('the nightly audit', async () => {
    const [latest] = await cloud.store.runs.latest(1);
    return latest !== undefined && latest.id !== former?.id && latest.finishedAt !== null;
  });
  return performance.now() - started;
}

/** Looks every 5 ms. @throws after two minutes */
export async function waitFor(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Waited two minutes for ${what}, in vain`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
