import { afterEach } from 'vitest';
import type { Environment } from '../../infra/config.ts';
import { loadTenant } from '../../infra/local/azure/tenant.ts';
import { createLocalAzure, type LocalAzure } from '../../infra/local/azure/server.ts';

const running: LocalAzure[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((azure) => azure.stop()));
});

/** A snapshot behind Azure's APIs until the test ends, and the environment of somebody who asks them. */
export async function serveSnapshot(directory: string): Promise<{ azure: LocalAzure; env: Environment }> {
  const tenant = await loadTenant(directory);
  const azure = createLocalAzure({
    tenant,
    token: 'the-token',
    onEvent: () => undefined,
    clock: () => new Date(),
    newGuid: () => '00000000-0000-4000-8000-000000000001',
  });
  await azure.start();
  running.push(azure);
  const env = {
    KERBWATCH_ARM_ENDPOINT: azure.origin,
    KERBWATCH_GRAPH_ENDPOINT: azure.origin,
    KERBWATCH_TOKEN: 'the-token',
    KERBWATCH_TENANT_ID: tenant.tenantId,
  };
  return { azure, env };
}
