import { randomUUID } from 'node:crypto';

import type { ChangeHistory } from '../../domain/audit/drift-ports.ts';
import type { History, JobStore, FindingStore, RunStore } from '../../domain/audit/ports.ts';
import { connectStorage } from '../azure/tables/connection.ts';
import { createFindingStore } from '../azure/tables/finding-store.ts';
import { createChangeHistory } from '../azure/tables/change-history.ts';
import { createHistory } from '../azure/tables/history.ts';
import { createJobStore } from '../azure/tables/job-store.ts';
import { createLatencies, type Latencies } from '../azure/tables/latencies.ts';
import { createRunStore } from '../azure/tables/run-store.ts';
import { serviceBusTopology, tables } from '../names.ts';
import { administrator } from './administrator.ts';
import { createLocalAzure, type EventGridEvent, type LocalAzure, workload } from './azure/server.ts';
import type { LocalTenant } from './azure/tenant.ts';
import { createFunctionsHost, type FunctionsHost, type HostLog } from './functions-host/host.ts';
import { createServiceBusBroker, type ServiceBusBroker } from './service-bus/broker.ts';
import { type LocalStorage, startLocalStorage } from './storage/azurite.ts';
import { type ReceivedAlert, startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';

export interface EmbeddedCloudOptions {
  readonly tenant: LocalTenant;
  /** Path of the built bundle. */
  readonly bundle: string;
  /** Of the Azure endpoints and of the functions host; 0 or absent picks free ones. */
  readonly ports?: { readonly azure?: number; readonly functions?: number };
  /** Settings of the functions (contracts.md); the webhook channel is added by `settings`'s `alerts`. */
  readonly settings: (webhookUrl: string) => object;
  readonly log: (entry: HostLog) => void;
  readonly onAlert: (alert: ReceivedAlert) => void;
}

/** Azure on this machine, on loopback alone: storage, Service Bus, ARM, Resource Graph, Microsoft Graph and the functions. */
export interface EmbeddedCloud {
  readonly azure: LocalAzure;
  readonly broker: ServiceBusBroker;
  readonly storage: LocalStorage;
  readonly host: FunctionsHost;
  readonly webhook: WebhookReceiver;
  /** The store, for looking at; what changes it is the functions. */
  readonly store: {
    readonly findings: FindingStore;
    readonly history: History;
    readonly changes: ChangeHistory;
    readonly jobs: JobStore;
    readonly runs: RunStore;
    readonly latencies: Latencies;
  };
  /** What a program needs to reach this cloud: environment variables, no secret of anything real. */
  readonly environment: Readonly<Record<string, string>>;
  /** Token of an administrator of the tenant, who makes changes in ARM and Graph. */
  readonly administratorToken: string;
  stop(): Promise<void>;
}

export { administrator };

export const webhookSecretSetting = 'KERBWATCH_WEBHOOK_SECRET';

/**
 * Starts everything, in the order in which one part needs another. When one fails, what was started is stopped again.
 * @throws the port-in-use errors of each part, and what the functions host throws
 */
export async function startEmbeddedCloud(options: EmbeddedCloudOptions): Promise<EmbeddedCloud> {
  const started: (() => Promise<unknown>)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const stop of started.splice(0).reverse()) await stop();
  };
  try {
    const storage = await startLocalStorage();
    started.push(() => storage.stop());
    const broker = createServiceBusBroker({ topology: serviceBusTopology });
    await broker.start();
    started.push(() => broker.stop());

    const token = randomUUID();
    const administratorToken = randomUUID();
    const secret = randomUUID();
    const webhook = await startWebhookReceiver({ secret, onAlert: options.onAlert });
    started.push(() => webhook.stop());

    const deliveries = new Set<Promise<unknown>>();
    const azure = createLocalAzure({
      tenant: options.tenant,
      ...(options.ports?.azure === undefined ? {} : { port: options.ports.azure }),
      token,
      actors: new Map([[administratorToken, administrator]]),
      onEvent: (event) => {
        const delivery = deliver(event).finally(() => deliveries.delete(delivery));
        deliveries.add(delivery);
      },
      clock: () => new Date(),
      newGuid: randomUUID,
    });
    await azure.start();
    started.push(() => azure.stop());

    const environment = {
      AzureWebJobsStorage: storage.connectionString,
      ServiceBusConnection: broker.connectionString,
      KERBWATCH_ROLE: 'all',
      KERBWATCH_TENANT_ID: options.tenant.tenantId,
      KERBWATCH_ARM_ENDPOINT: azure.origin,
      KERBWATCH_GRAPH_ENDPOINT: azure.origin,
      KERBWATCH_TOKEN: token,
      KERBWATCH_OBJECT_ID: workload.objectId,
      KERBWATCH_SUBSCRIPTIONS: options.tenant.subscriptions.map(({ id }) => id).join(','),
      KERBWATCH_SETTINGS: JSON.stringify(options.settings(webhook.url)),
      KERBWATCH_AUDIT_SCHEDULE: '0 0 2 * * *',
      KERBWATCH_OUTBOX_SCHEDULE: '0 * * * * *',
      KERBWATCH_SWEEP_SCHEDULE: '30 */10 * * * *',
      KERBWATCH_WATCH_SCHEDULE: '0 */5 * * * *',
      [webhookSecretSetting]: secret,
      FUNCTIONS_WORKER_RUNTIME: 'node',
    };
    const host = createFunctionsHost({
      bundle: options.bundle,
      appSettings: environment,
      serviceBusConnectionString: broker.connectionString,
      ...(options.ports?.functions === undefined ? {} : { port: options.ports.functions }),
      log: options.log,
    });
    await host.start();
    started.push(async () => {
      await Promise.allSettled(deliveries);
      await host.stop();
    });

    async function deliver(event: EventGridEvent): Promise<void> {
      // Event Grid tries again for a day; here a few times are enough to outlast a restart of the host.
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        const answer = await host.postEventGrid('storage-account-changed', [event]).catch(() => null);
        if (answer?.status === 200) return;
      }
      options.log({ level: 'error', category: 'host', message: `Event ${event.id} could not be delivered` });
    }

    const connection = connectStorage(environment, { credential: noCredential });
    return {
      azure,
      broker,
      storage,
      host,
      webhook,
      store: {
        findings: createFindingStore(connection.table(tables.findings)),
        history: createHistory(connection.table(tables.history)),
        changes: createChangeHistory(connection.table(tables.history)),
        jobs: createJobStore(connection.table(tables.jobs)),
        runs: createRunStore(connection.table(tables.runs)),
        latencies: createLatencies(connection.table(tables.runs)),
      },
      environment,
      administratorToken,
      stop: stopAll,
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

function noCredential(): never {
  throw new Error('The embedded cloud is reached by connection string and needs no credential');
}
