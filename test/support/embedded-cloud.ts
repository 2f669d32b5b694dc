import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildBundle } from '../../infra/build.ts';
import { loadTenant } from '../../infra/local/azure/tenant.ts';
import { type EmbeddedCloud, startEmbeddedCloud, webhookSecretSetting } from '../../infra/local/embedded-cloud.ts';
import type { HostLog } from '../../infra/local/functions-host/host.ts';
import { writeSampleTenant } from '../../infra/local/sample-tenant/generate.ts';
import type { ReceivedAlert } from '../../infra/local/webhook-receiver.ts';

const hostJson = fileURLToPath(new URL('../../host.json', import.meta.url));

export interface TestCloud {
  readonly cloud: EmbeddedCloud;
  readonly alerts: readonly ReceivedAlert[];
  readonly logs: readonly HostLog[];
  stop(): Promise<void>;
}

/**
 * The sample tenant's embedded cloud with the real bundle, built for this test alone; a debounce of 0.2 s.
 * @param over settings @param appSettings of the functions, in place of those of the embedded cloud
 */
export async function startTestCloud(
  over: Readonly<Record<string, unknown>> = {},
  appSettings: Readonly<Record<string, string>> = {},
): Promise<TestCloud> {
  const scratch = await mkdtemp(join(tmpdir(), 'kerbwatch-test-'));
  try {
    return await startIn(scratch, over, appSettings);
  } finally {
    // Bundle and tenant are in memory by now, so that whatever becomes of the test leaves nothing behind.
    await rm(scratch, { recursive: true, force: true });
  }
}

async function startIn(
  scratch: string,
  over: Readonly<Record<string, unknown>>,
  appSettings: Readonly<Record<string, string>>,
): Promise<TestCloud> {
  const bundle = join(scratch, 'main.mjs');
  await copyFile(hostJson, join(scratch, 'host.json'));
  await buildBundle({ outfile: bundle, sourceMap: false });
  await writeSampleTenant(scratch, { now: new Date() });
  const alerts: ReceivedAlert[] = [];
  const logs: HostLog[] = [];
  const cloud = await startEmbeddedCloud({
    tenant: await loadTenant(scratch),
    bundle,
    appSettings,
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
  return { cloud, alerts, logs, stop: () => cloud.stop() };
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
