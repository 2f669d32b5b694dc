import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { auditEstate } from '../../domain/audit/audit-estate.ts';
import { resolveEndpoints } from '../../infra/azure/endpoints.ts';
import { createLiveEstate } from '../../infra/azure/estate.ts';
import { resolveCredentials } from '../../infra/azure/identity/resolve-credentials.ts';
import { readEstateFacts } from '../../infra/facts.ts';
import { createLocalAzure } from '../../infra/local/azure/server.ts';
import { loadTenant } from '../../infra/local/azure/tenant.ts';
import { defaultSettings } from '../../infra/settings/parse-settings.ts';
import type { EstateCounts } from './big-estate.ts';
import { figure, heading, seconds } from './figures.ts';

const pageSize = { resourceGraph: 1000, graph: 999, arm: 100 };

/** A live audit of the estate in `directory`, served by the embedded Azure endpoints with the services' own page sizes. */
export async function benchLiveAudit(directory: string, counts: EstateCounts): Promise<void> {
  heading(
    'Live audit on the embedded endpoints',
    'requests as the endpoints counted them; pages of 1,000 rows and 999 objects',
  );
  const token = randomUUID();
  const tenant = await loadTenant(directory);
  const azure = createLocalAzure({
    tenant,
    token,
    pageSize,
    onEvent: () => undefined,
    clock: () => new Date(),
    newGuid: randomUUID,
  });
  await azure.start();
  try {
    const env = {
      KERBWATCH_ARM_ENDPOINT: azure.origin,
      KERBWATCH_GRAPH_ENDPOINT: azure.origin,
      KERBWATCH_TOKEN: token,
    };
    const endpoints = resolveEndpoints(env);
    const { tenantId } = tenant;
    const started = performance.now();
    const source = createLiveEstate({
      endpoints,
      credentials: resolveCredentials({
        caller: 'workload',
        endpoints,
        env,
        tenantId,
        prompt: () => undefined,
        now: Date.now,
      }),
      tenantId,
      scope: { managementGroups: [], subscriptions: [] },
      retry: { sleep: (milliseconds) => sleep(milliseconds), random: Math.random },
    });
    const audited = auditEstate(await readEstateFacts(source), defaultSettings(), Date.now(), false);
    const milliseconds = performance.now() - started;
    const { resourceGraph, graph, arm, throttled } = azure.requests;
    const accountPages = pages(counts['storage-accounts'] ?? 0, pageSize.resourceGraph);
    const rowPages = ['private-endpoints', 'role-assignments', 'role-definitions']
      .map((name) => pages(counts[name] ?? 0, pageSize.resourceGraph))
      .reduce((sum, count) => sum + count, 0);
    const graphPages = ['applications', 'service-principals', 'oauth2-permission-grants', 'conditional-access-policies']
      .map((name) => pages(counts[name] ?? 0, pageSize.graph))
      .reduce((sum, count) => sum + count, 0);
    figure('accounts seen', String(audited.accounts.seen));
    figure(
      'Resource Graph requests',
      `${String(resourceGraph)}; pages that exist: ${String(accountPages)} of accounts, ${String(rowPages)} of private endpoints and roles, 1 of subscriptions`,
    );
    figure(
      'Microsoft Graph requests',
      `${String(graph)}; pages that exist: ${String(graphPages)}, and 2 single objects`,
    );
    figure(
      'ARM requests',
      `${String(arm)}; file services of Entra Kerberos accounts: ${String(counts['file-services'] ?? 0)}`,
    );
    figure('throttled', String(throttled));
    figure('gaps', String(audited.gaps.length));
    figure('time, endpoints in the same process', seconds(milliseconds));
  } finally {
    await azure.stop();
  }
}

/** An empty list is a page too. */
function pages(count: number, size: number): number {
  return Math.max(1, Math.ceil(count / size));
}
