import { randomUUID } from 'node:crypto';

import type { ChangeHistory } from '../../domain/audit/drift-ports.ts';
import type { FindingStore, History, JobStore, RunStore } from '../../domain/audit/ports.ts';
import type { ApprovalStore } from '../../domain/remediation/approval.ts';
import type { JobRequests } from '../../domain/remediation/job-request.ts';
import type { WriteRecords } from '../../domain/remediation/write-record.ts';
import { createJobRequests } from '../azure/tables/job-requests.ts';
import { createWriteRecords } from '../azure/tables/write-records.ts';
import { createApprovalStore } from '../azure/tables/approval-store.ts';
import { createChangeHistory } from '../azure/tables/change-history.ts';
import { connectStorage } from '../azure/tables/connection.ts';
import { createFindingStore } from '../azure/tables/finding-store.ts';
import { createHistory } from '../azure/tables/history.ts';
import { createJobStore } from '../azure/tables/job-store.ts';
import { createLatencies, type Latencies } from '../azure/tables/latencies.ts';
import { createRunStore } from '../azure/tables/run-store.ts';
import { serviceBusTopology, tables } from '../names.ts';
import { administrator } from './administrator.ts';
import { createLocalAzure, type EventGridEvent, type LocalAzure, type PageSizes, workload } from './azure/server.ts';
import type { LocalTenant } from './azure/tenant.ts';
import { createLocalIssuer } from './identity/issuer.ts';
import type { LocalPerson } from './identity/people.ts';
import { createServiceBusBroker, type ServiceBusBroker, type Topology } from './service-bus/broker.ts';
import type { LocalStorage } from './storage/azurite.ts';
import { type ReceivedAlert, startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';

export interface EmbeddedAzureOptions {
  readonly tenant: LocalTenant;
  /** Of the Azure endpoints; 0 or absent picks a free one. */
  readonly port?: number;
  /** Settings of the functions (contracts.md); the webhook channel is added by `settings`'s `alerts`. */
  readonly settings: (webhookUrl: string) => object;
  readonly onAlert: (alert: ReceivedAlert) => void;
  /** Called for each change made through ARM, before the change is answered; whose task it is to deliver it. */
  readonly onEvent: (event: EventGridEvent) => void;
  /** The largest page each API gives; small where absent. */
  readonly pageSize?: PageSizes;
  /** The queues and topics; those that are deployed where absent. */
  readonly topology?: Topology;
}

/** What everything else needs of storage. */
type RunningStorage = Pick<LocalStorage, 'connectionString' | 'stop'>;

/** All of the embedded cloud but the functions: storage, Service Bus, ARM, Resource Graph, Microsoft Graph, and a webhook. */
export interface EmbeddedAzure<Storage = LocalStorage> {
  readonly azure: LocalAzure;
  readonly broker: ServiceBusBroker;
  readonly storage: Storage;
  readonly webhook: WebhookReceiver;
  /** The store, for looking at; what changes it is the functions. */
  readonly store: {
    readonly findings: FindingStore;
    readonly history: History;
    readonly changes: ChangeHistory;
    readonly jobs: JobStore;
    readonly runs: RunStore;
    readonly latencies: Latencies;
    /** Written as the remediator's app does when a person decides. */
    readonly approvals: ApprovalStore;
    readonly requests: JobRequests;
    readonly records: WriteRecords;
  };
  /** What a program needs to reach this cloud: environment variables, no secret of anything real. */
  readonly environment: Readonly<Record<string, string>>;
  /** Token of an administrator of the tenant, who makes changes in ARM and Graph. */
  readonly administratorToken: string;
  /** The client secret that the token endpoint asks for. */
  readonly identitySecret: string;
  /** A token for the HTTP API, and for ARM and Graph, of a person of the sample tenant. */
  personToken(person: LocalPerson, lifetimeSeconds: number): Promise<string>;
  stop(): Promise<void>;
}

/** Application ID URI of the HTTP API in the embedded cloud. */
const audience = 'api://kerbwatch';

export const webhookSecretSetting = 'KERBWATCH_WEBHOOK_SECRET';

/**
 * Starts the parts in the order in which one needs another. When one fails, what was started is stopped again.
 * @param startStorage starts where tables and blobs are kept
 * @throws the port-in-use errors of each part
 */
export async function startEmbeddedAzure<Storage extends RunningStorage>(
  options: EmbeddedAzureOptions,
  startStorage: () => Promise<Storage>,
): Promise<EmbeddedAzure<Storage>> {
  const started: (() => Promise<unknown>)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const stop of started.splice(0).reverse()) await stop();
  };
  try {
    const storage = await startStorage();
    started.push(() => storage.stop());
    const broker = createServiceBusBroker({ topology: options.topology ?? serviceBusTopology });
    await broker.start();
    started.push(() => broker.stop());

    const token = randomUUID();
    const administratorToken = randomUUID();
    const secret = randomUUID();
    const webhook = await startWebhookReceiver({ secret, onAlert: options.onAlert });
    started.push(() => webhook.stop());

    const identitySecret = randomUUID();
    const issuer = createLocalIssuer({
      tenantId: options.tenant.tenantId.toLowerCase(),
      audience,
      clock: () => new Date(),
      newGuid: randomUUID,
    });
    const azure = createLocalAzure({
      tenant: options.tenant,
      ...(options.port === undefined ? {} : { port: options.port }),
      ...(options.pageSize === undefined ? {} : { pageSize: options.pageSize }),
      token,
      actors: new Map([[administratorToken, administrator]]),
      identity: { issuer, secret: identitySecret },
      onEvent: options.onEvent,
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
      KERBWATCH_ISSUER: `${azure.origin}/${issuer.tenantId}/v2.0`,
      KERBWATCH_API_AUDIENCE: audience,
      KERBWATCH_SUBSCRIPTIONS: options.tenant.subscriptions.map(({ id }) => id).join(','),
      KERBWATCH_SETTINGS: JSON.stringify(options.settings(webhook.url)),
      KERBWATCH_AUDIT_SCHEDULE: '0 0 2 * * *',
      KERBWATCH_OUTBOX_SCHEDULE: '0 * * * * *',
      KERBWATCH_SWEEP_SCHEDULE: '30 */10 * * * *',
      KERBWATCH_WATCH_SCHEDULE: '0 */5 * * * *',
      [webhookSecretSetting]: secret,
      FUNCTIONS_WORKER_RUNTIME: 'node',
    };
    const connection = connectStorage(environment, { credential: noCredential });
    return {
      azure,
      broker,
      storage,
      webhook,
      store: {
        findings: createFindingStore(connection.table(tables.findings)),
        history: createHistory(connection.table(tables.history)),
        changes: createChangeHistory(connection.table(tables.history)),
        jobs: createJobStore(connection.table(tables.jobs)),
        runs: createRunStore(connection.table(tables.runs)),
        latencies: createLatencies(connection.table(tables.runs)),
        approvals: createApprovalStore(connection.table(tables.approvals)),
        requests: createJobRequests(connection.table(tables.approvals)),
        records: createWriteRecords(connection.table(tables.approvals)),
      },
      environment,
      administratorToken,
      identitySecret,
      personToken: (person, lifetimeSeconds) => issuer.issue(person, azure.origin, lifetimeSeconds),
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
