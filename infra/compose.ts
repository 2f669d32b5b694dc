import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { accountTags } from '../domain/audit/account-tags.ts';
import { auditAccount, type AccountAudited, AccountUnreadable } from '../domain/audit/audit-account.ts';
import { type Attributed, attributeChange } from '../domain/audit/attribute-change.ts';
import { auditShard, UnknownShard } from '../domain/audit/audit-shard.ts';
import { causeOf } from '../domain/audit/cause-of.ts';
import { type Dispatched, dispatchOutbox } from '../domain/audit/dispatch-outbox.ts';
import { type Followed, followEvent } from '../domain/audit/follow-event.ts';
import { type Latency, latencyOf } from '../domain/audit/latency.ts';
import { planAudit } from '../domain/audit/plan-audit.ts';
import { FindingConflict } from '../domain/audit/ports.ts';
import { putOff, PutOffTooOften } from '../domain/audit/put-off.ts';
import type { ResourceEvent } from '../domain/audit/resource-event.ts';
import type { Run } from '../domain/audit/run.ts';
import { sweep } from '../domain/audit/sweep.ts';
import { wantedBy } from '../domain/audit/wanted.ts';
import { watchDirectory, type WatchCycle } from '../domain/audit/watch-directory.ts';
import type { AuditWork } from '../domain/audit/work.ts';
import type { Cause } from '../domain/findings/finding.ts';
import type { Settings } from '../domain/model/settings.ts';
import { giveUp, remediate, type Remediated, UnknownJob } from '../domain/remediation/remediate.ts';
import { enabledRules, rules } from '../domain/rules/index.ts';
import { createAccountNameCheck } from './account-names.ts';
import { type AlertDelivery, deliverAlert } from './alerts/deliver.ts';
import { StoreUnreachable } from './azure/store-unreachable.ts';
import { removeRunFiles } from './azure/blobs/remove-run-files.ts';
import { openRunFiles } from './azure/blobs/run-files.ts';
import type { PrivateEndpointReading } from './azure/arm/read-private-endpoint.ts';
import { resolveEndpoints } from './azure/endpoints.ts';
import { createLiveEstate, type LiveEstate } from './azure/estate.ts';
import { createGraphWriter } from './azure/graph/graph-writer.ts';
import { createGraphPlanExecutor } from './azure/graph/plan-executor.ts';
import { resolveCredentials } from './azure/identity/resolve-credentials.ts';
import { connectServiceBus } from './azure/service-bus/connection.ts';
import { createMessages } from './azure/service-bus/messages.ts';
import { UnsafeKey } from './azure/tables/keys.ts';
import { createAccountLinks } from './azure/tables/account-links.ts';
import { createAccountReads } from './azure/tables/account-reads.ts';
import { createAlertDeliveries } from './azure/tables/alert-deliveries.ts';
import { createChangeHistory } from './azure/tables/change-history.ts';
import { connectStorage } from './azure/tables/connection.ts';
import { createExpired } from './azure/tables/expired.ts';
import { createFactStore } from './azure/tables/fact-store.ts';
import { createFindingStore } from './azure/tables/finding-store.ts';
import { createFormerKeys } from './azure/tables/former-keys.ts';
import { createHistory } from './azure/tables/history.ts';
import { createInbox } from './azure/tables/inbox.ts';
import { createJobStore } from './azure/tables/job-store.ts';
import { createKnownAccounts } from './azure/tables/known-accounts.ts';
import { createLatencies } from './azure/tables/latencies.ts';
import { createOutbox } from './azure/tables/outbox.ts';
import { createRunStore } from './azure/tables/run-store.ts';
import { createSweepLog } from './azure/tables/sweep-log.ts';
import { createWaiverStore } from './azure/tables/waiver-store.ts';
import { createWatchStore } from './azure/tables/watch-store.ts';
import { type Environment, listOf, required, roleOf } from './config.ts';
import { sha256 } from './digest.ts';
import { createDirectoryDeltas, watchedPolicy } from './directory-deltas.ts';
import { createEndpointTargets } from './endpoint-targets.ts';
import { createFreshFacts } from './fresh-facts.ts';
import { type AlertEvent, parseAlertEvent } from './messages/alert.ts';
import { type AlertCauses, parseAlertCauses } from './messages/alert-causes.ts';
import { parseAuditWork } from './messages/audit-work.ts';
import { parseJobEvent } from './messages/job.ts';
import { MessageMalformed } from './messages/malformed.ts';
import { blobContainers, tables } from './names.ts';
import { createRunCollections } from './run-collections.ts';
import { loadSettings } from './settings/load-settings.ts';
import { ForeignEvent } from './wire/foreign-event.ts';
import { storageEvent } from './wire/storage-event.ts';
import { WireMalformed } from './wire/wire-malformed.ts';

export type { AuditWork };

/** What a handler logs with. */
export interface Log {
  warn(message: string): void;
}

/** Everything the functions work with. */
export interface Services {
  readonly auditor: {
    planAudit(runId: string): Promise<Run>;
    auditShard(runId: string, shard: number): Promise<{ readonly runFinished: boolean }>;
    auditAccount(accountId: string, cause: Cause): Promise<AccountAudited>;
    /** Queues the audits of the accounts that an event may touch, once for each event. */
    followEvent(event: ResourceEvent): Promise<Followed>;
    /** One look at what has changed in the directory; queues the accounts that it touches. */
    watchDirectory(): Promise<WatchCycle>;
    /** Looks who made a change of an account's facts. */
    attribute(work: Extract<AuditWork, { kind: 'attribute' }>): Promise<Attributed>;
    /** Queues the same work for later. @returns after how many milliseconds @throws PutOffTooOften */
    putOff(work: AuditWork): Promise<number>;
    /** Sends what is stored. When that fails it stays stored and the timer sends it, so a commit is never redone for it. */
    dispatch(log: Log): Promise<void>;
    dispatchAll(): Promise<Dispatched>;
    /** Ends what has expired and repairs what was left half done. @returns what it did, a sentence for each. */
    sweep(): Promise<readonly string[]>;
  };
  readonly remediator: {
    remediate(jobId: string): Promise<Remediated>;
    giveUp(jobId: string, reason: string): Promise<void>;
  };
  readonly alerts: {
    deliver(channel: string, alert: AlertEvent): Promise<AlertDelivery>;
    /** Keeps how long the alert took; a figure that cannot be kept is told and lost. */
    handedOver(channel: string, alert: AlertEvent, causes: AlertCauses, log: Log): Promise<Latency>;
  };
  /** Payloads of triggers, parsed. Each throws what `isRefusal` knows. */
  readonly read: {
    storageEvent(event: unknown): ResourceEvent;
    auditWork(message: unknown): AuditWork;
    alert(message: unknown): AlertEvent;
    alertCauses(applicationProperties: unknown): AlertCauses | null;
    jobId(message: unknown): string;
  };
  readonly reject: (source: string, reason: string, original: unknown) => Promise<void>;
  readonly newRunId: () => string;
  readonly close: () => Promise<void>;
}

/** Whether an error says that a message can never be processed, however often it comes. */
export function isRefusal(error: unknown): error is Error {
  return (
    error instanceof MessageMalformed ||
    error instanceof WireMalformed ||
    error instanceof ForeignEvent ||
    error instanceof UnknownShard ||
    error instanceof UnknownJob ||
    // An id that cannot be a key was never stored: nothing of ours looks like it.
    error instanceof UnsafeKey ||
    error instanceof PutOffTooOften
  );
}

/** Whether an error says that something cannot be reached for now, so that the same work may succeed later. */
export function isPassing(error: unknown): error is Error {
  return error instanceof StoreUnreachable || error instanceof AccountUnreadable || error instanceof FindingConflict;
}

/**
 * Where ports meet their implementations. Opens no connection: the first use does.
 * @throws ConfigInvalid, SettingsInvalid, EndpointInvalid and the settings errors of storage and Service Bus
 */
export async function compose(env: Environment): Promise<Services> {
  roleOf(env);
  const tenantId = required(env, 'KERBWATCH_TENANT_ID', 'the id of your Entra tenant').toLowerCase();
  const endpoints = resolveEndpoints(env);
  const now = Date.now;
  const credentials = resolveCredentials({
    caller: 'workload',
    endpoints,
    env,
    tenantId,
    prompt: () => undefined,
    now,
  });
  const settings = await loadSettings(env, () => credentials.arm);
  const storage = connectStorage(env, { credential: () => credentials.arm });
  const serviceBus = connectServiceBus(env, { credential: () => credentials.arm });

  const findingsTable = storage.table(tables.findings);
  const container = storage.container(blobContainers.runs);
  const estate = (): LiveEstate => liveEstateOf(env, settings, tenantId, { endpoints, credentials });
  const findings = createFindingStore(findingsTable);
  const outbox = createOutbox(findingsTable);
  const runs = createRunStore(storage.table(tables.runs));
  const accountReads = createAccountReads(storage.table(tables.accounts));
  const inbox = createInbox(storage.table(tables.inbox));
  const deliveries = createAlertDeliveries(storage.table(tables.inbox));
  const known = createKnownAccounts(storage.table(tables.accounts));
  const latencies = createLatencies(storage.table(tables.runs));
  const formerKeys = createFormerKeys(storage.table(tables.accounts));
  const accountLinks = createAccountLinks(storage.table(tables.accounts));
  const watch = createWatchStore(storage.table(tables.accounts), watchedPolicy);
  const history = createHistory(storage.table(tables.history));
  const watched = createFactStore(storage.table(tables.accounts));
  const changes = createChangeHistory(storage.table(tables.history));
  const { changeLog } = estate();
  const expired = createExpired({
    findings: findingsTable,
    history: storage.table(tables.history),
    runs: storage.table(tables.runs),
    inbox: storage.table(tables.inbox),
    removeFiles: (runId) => removeRunFiles(container, runId),
  });
  const jobs = createJobStore(storage.table(tables.jobs));
  const messages = createMessages(serviceBus, tenantId);
  const collections = createRunCollections({ estate, files: (place) => openRunFiles(container, place), now });
  const accountNames = createAccountNameCheck(estate);
  const facts = createFreshFacts(estate, wantedBy(enabledRules(settings)));
  // A job is planned again whatever rules this app's own settings leave on.
  const planFacts = createFreshFacts(estate, wantedBy(rules.filter(({ remediation }) => remediation.action !== null)));
  const executor = createGraphPlanExecutor(createGraphWriter(estate().graph));
  const read = (endpointId: string): Promise<PrivateEndpointReading> => estate().readPrivateEndpoint(endpointId);
  const endpointTargets = createEndpointTargets({ read, runs, collections });
  const waivers = createWaiverStore(storage.table(tables.waivers));
  const sweeps = createSweepLog(storage.table(tables.runs));
  const digest = sha256;
  const dispatchPorts = { outbox, history, jobs, messages, now };
  const remediatePorts = { jobs, facts: planFacts, executor, messages, now, actor: env['KERBWATCH_OBJECT_ID'] ?? null };

  return {
    auditor: {
      planAudit: (runId) => planAudit(runId, settings, { collections, runs, messages, now, digest }),
      auditShard: (runId, shard) =>
        auditShard(runId, shard, settings, {
          collections,
          accountNames,
          runs,
          findings,
          outbox,
          accountReads,
          accountLinks,
          formerKeys,
          waivers,
          watched,
          changes,
          messages,
          now,
          digest,
        }),
      auditAccount: async (accountId, cause) =>
        auditAccount(
          accountId,
          await causeOf(cause, accountId, settings, { inbox, accountReads, runs, now }),
          settings,
          { facts, findings, accountReads, accountLinks, runs, waivers, watched, changes, outbox, now, digest },
        ),
      followEvent: (event) =>
        followEvent(event, settings, { inbox, endpoints: endpointTargets, known, messages, now, digest }),
      watchDirectory: () =>
        watchDirectory(settings, {
          deltas: createDirectoryDeltas(estate().graph, tenantId),
          watch,
          accountLinks,
          messages,
          now,
          digest,
        }),
      attribute: (work) => attributeChange(work, settings, { changes, changeLog, history, messages, now, digest }),
      putOff: (work) => putOff(work, { messages, now, digest }),
      async dispatch(log) {
        try {
          await dispatchOutbox(dispatchPorts);
        } catch (error) {
          log.warn(`What was stored could not be sent yet and waits for the next dispatch: ${messageOf(error)}`);
        }
      },
      dispatchAll: () => dispatchOutbox(dispatchPorts),
      sweep: () =>
        sweep(settings, {
          ...dispatchPorts,
          findings,
          waivers,
          sweeps,
          expired,
          runs,
          collections,
          accountTags: () => accountTags({ runs, collections }),
        }),
    },
    remediator: {
      remediate: (jobId) => remediate(jobId, settings, remediatePorts),
      giveUp: (jobId, reason) => giveUp(jobId, reason, settings, remediatePorts),
    },
    alerts: {
      deliver: (channel, alert) => deliverAlert(channel, alert, { settings, env, fetch, deliveries, now: now() }),
      async handedOver(channel, { id, data }, causes, log) {
        const times = { alertId: id, channel, ...causes, storedAt: Date.parse(data.at), handedOverAt: now() };
        try {
          await latencies.record(times);
        } catch (error) {
          // The alert is delivered: failing now would only bring it again.
          log.warn(`How long alert ${id} took could not be kept: ${messageOf(error)}`);
        }
        return latencyOf(times);
      },
    },
    read: {
      storageEvent: (event) => storageEvent(event, tenantId),
      auditWork: parseAuditWork,
      alert: parseAlertEvent,
      alertCauses: parseAlertCauses,
      jobId: (message) => parseJobEvent(message).data.jobId,
    },
    reject: (source, reason, original) => messages.reject(source, reason, original),
    newRunId: () => `${new Date(now()).toISOString().replace(/[-:]|\.\d+/g, '')}-${randomUUID().slice(0, 8)}`,
    close: () => serviceBus.close(),
  };
}

/** A source that has read nothing yet, over the scope of the environment, else of the settings, else all that is seen. */
export function liveEstateOf(
  env: Environment,
  settings: Settings,
  tenantId: string,
  access: Pick<Parameters<typeof createLiveEstate>[0], 'endpoints' | 'credentials' | 'signal'>,
): LiveEstate {
  const managementGroups = listOf(env, 'KERBWATCH_MANAGEMENT_GROUPS');
  const subscriptions = listOf(env, 'KERBWATCH_SUBSCRIPTIONS');
  const scoped = managementGroups.length + subscriptions.length > 0;
  return createLiveEstate({
    ...access,
    tenantId,
    scope: scoped ? { managementGroups, subscriptions } : settings.scope,
    retry: { sleep: (milliseconds) => sleep(milliseconds), random: Math.random },
  });
}

function messageOf(error: unknown): string {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  return errors.map((each) => (each instanceof Error ? each.message : 'an unknown error')).join('; ');
}
