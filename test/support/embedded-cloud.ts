import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { buildBundle } from '../../infra/build.ts';
import { loadTenant } from '../../infra/local/azure/tenant.ts';
import { type EmbeddedCloud, startEmbeddedCloud, webhookSecretSetting } from '../../infra/local/embedded-cloud.ts';
import type { HostLog } from '../../infra/local/functions-host/host.ts';
import { writeSampleTenant } from '../../infra/local/sample-tenant/generate.ts';
import type { ReceivedAlert } from '../../infra/local/webhook-receiver.ts';

export interface TestCloud {
  readonly cloud: EmbeddedCloud;
  readonly alerts: readonly ReceivedAlert[];
  readonly logs: readonly HostLog[];
  stop(): Promise<void>;
}

/** The sample tenant's embedded cloud with the real bundle, built for this test alone; a debounce of 0.2 s. */
export async function startTestCloud(over: Readonly<Record<string, unknown>> = {}): Promise<TestCloud> {
  const scratch = await mkdtemp(join(tmpdir(), 'kerbwatch-test-'));
  // Beside the real one, where host.json is found.
  const folder = resolve(import.meta.dirname, '../../dist', `test-${String(process.pid)}-${String(performance.now())}`);
  const bundle = join(folder, 'main.mjs');
  await buildBundle({ outfile: bundle });
  await writeSampleTenant(scratch, { now: new Date() });
  const alerts: ReceivedAlert[] = [];
  const logs: HostLog[] = [];
  const cloud = await startEmbeddedCloud({
    tenant: await loadTenant(scratch),
    bundle,
    settings: (url) => ({
      schema: 'kerbwatch.settings/v1',
      watch: { debounceSeconds: 0.2 },
      remediation: { 'grant-consent': 'auto' },
      alerts: [{ channel: 'webhook', url, secretSetting: webhookSecretSetting, minimumSeverity: 'low' }],
      ...over,
    }),
    log: (entry) => logs.push(entry),
    onAlert: (alert) => alerts.push(alert),
  });
  return {
    cloud,
    alerts,
    logs,
    async stop() {
      await cloud.stop();
      await rm(folder, { recursive: true, force: true });
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

/** Looks every 25 ms until `look` gives something; fails after 20 s. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null | undefined> | T | null | undefined,
): Promise<T> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`Waited 20 s for ${what}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}
