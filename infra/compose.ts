import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { auditAccount, type AccountAudited, AccountUnreadable } from '../domain/audit/audit-account.ts';
import { auditShard, UnknownShard } from '../domain/audit/audit-shard.ts';
import { type Dispatched, dispatchOutbox } from '../domain/audit/dispatch-outbox.ts';
import { planAudit } from '../domain/audit/plan-audit.ts';
import { FindingConflict } from '../domain/audit/ports.ts';
import { putOff, PutOffTooOften } from '../domain/audit/put-off.ts';
import { type AccountHint, queueAccount } from '../domain/audit/queue-account.ts';
import type { Run } from '../domain/audit/run.ts';
import { wantedBy } from '../domain/audit/wanted.ts';
import type { AuditWork } from '../domain/audit/work.ts';
import type { Cause } from '../domain/findings/finding.ts';
import type { Settings } from '../domain/model/settings.ts';
import { giveUp, remediate, type Remediated, UnknownJob } from '../domain/remediation/remediate.ts';
import { enabledRules, rules } from '../domain/rules/index.ts';
import { createAccountNameCheck } from './account-names.ts';
import { type AlertDelivery, deliverAlert } from './alerts/deliver.ts';
import { StoreUnreachable } from './azure/store-unreachable.ts';
import { openRunFiles } from './azure/blobs/run-files.ts';
import { resolveEndpoints } from './azure/endpoints.ts';
import { createLiveEstate, type LiveEstate } from './azure/estate.ts';
import { createGraphWriter } from './azure/graph/graph-writer.ts';
import { createGraphPlanExecutor } from './azure/graph/plan-executor.ts';
import { resolveCredentials } from './azure/identity/resolve-credentials.ts';
import { connectServiceBus } from './azure/service-bus/connection.ts';
import { createMessages } from './azure/service-bus/messages.ts';
import { UnsafeKey } from './azure/tables/keys.ts';
import { createAccountReads } from './azure/tables/account-reads.ts';
import { connectStorage } from './azure/tables/connection.ts';
import { createFindingStore } from './azure/tables/finding-store.ts';
import { createHistory } from './azure/tables/history.ts';
import { createJobStore } from './azure/tables/job-store.ts';
import { createOutbox } from './azure/tables/outbox.ts';
import { createRunStore } from './azure/tables/run-store.ts';
import { type Environment, listOf, required, roleOf } from './config.ts';
import { sha256 } from './digest.ts';
import { createFreshFacts } from './fresh-facts.ts';
import { type AlertEvent, parseAlertEvent } from './messages/alert.ts';
import { parseAuditWork } from './messages/audit-work.ts';
import { parseJobEvent } from './messages/job.ts';
import { MessageMalformed } from './messages/malformed.ts';
import { blobContainers, tables } from './names.ts';
import { createRunCollections } from './run-collections.ts';
import { loadSettings } from './settings/load-settings.ts';
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
    queueAccount(hint: AccountHint): Promise<void>;
    /** Queues the same work for later. @returns after how many milliseconds @throws PutOffTooOften */
    putOff(work: AuditWork): Promise<number>;
    /** Sends what is stored. When that fails it stays stored and the timer sends it, so a commit is never redone for it. */
    dispatch(log: Log): Promise<void>;
    dispatchAll(): Promise<Dispatched>;
  };
  readonly remediator: {
    remediate(jobId: string): Promise<Remediated>;
    giveUp(jobId: string, reason: string): Promise<void>;
  };
  readonly alerts: { deliver(channel: string, alert: AlertEvent): Promise<AlertDelivery> };
  /** Payloads of triggers, parsed. Each throws what `isRefusal` knows. */
  readonly read: {
    storageEvent(event: unknown): AccountHint | null;
    auditWork(message: unknown): AuditWork;
    alert(message: unknown): AlertEvent;
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
  const history = createHistory(storage.table(tables.history));
  const jobs = createJobStore(storage.table(tables.jobs));
  const messages = createMessages(serviceBus, tenantId);
  const collections = createRunCollections({ estate, files: (place) => openRunFiles(container, place), now });
  const accountNames = createAccountNameCheck(estate);
  const facts = createFreshFacts(estate, wantedBy(enabledRules(settings)));
  // A job is planned again whatever rules this app's own settings leave on.
  const planFacts = createFreshFacts(estate, wantedBy(rules.filter(({ remediation }) => remediation.action !== null)));
  const executor = createGraphPlanExecutor(createGraphWriter(estate().graph));
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
          now,
          digest,
        }),
      auditAccount: (accountId, cause) =>
        auditAccount(accountId, cause, settings, { facts, findings, accountReads, runs, now, digest }),
      queueAccount: (hint) => queueAccount(hint, settings, { messages, now, digest }),
      putOff: (work) => putOff(work, { messages, now, digest }),
      async dispatch(log) {
        try {
          await dispatchOutbox(dispatchPorts);
        } catch (error) {
          log.warn(`What was stored could not be sent yet and waits for the next dispatch: ${messageOf(error)}`);
        }
      },
      dispatchAll: () => dispatchOutbox(dispatchPorts),
    },
    remediator: {
      remediate: (jobId) => remediate(jobId, settings, remediatePorts),
      giveUp: (jobId, reason) => giveUp(jobId, reason, settings, remediatePorts),
    },
    alerts: { deliver: (channel, alert) => deliverAlert(channel, alert, { settings, env, fetch, now: now() }) },
    read: {
      storageEvent,
      auditWork: parseAuditWork,
      alert: parseAlertEvent,
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
