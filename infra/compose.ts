import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { wantedBy } from '../domain/audit/wanted.ts';
import type { Settings } from '../domain/model/settings.ts';
import { enabledRules, rules } from '../domain/rules/index.ts';
import { createAccountNameCheck } from './account-names.ts';
import { createAppCheck } from './app-check.ts';
import { deliverAlert } from './alerts/deliver.ts';
import { createCallerCheck } from './api/auth/check-caller.ts';
import { createRateLimit, requestsOfOneCaller } from './api/auth/rate-limit.ts';
import { removeRunFiles } from './azure/blobs/remove-run-files.ts';
import { openRunFiles } from './azure/blobs/run-files.ts';
import type { PrivateEndpointReading } from './azure/arm/read-private-endpoint.ts';
import { resolveEndpoints } from './azure/endpoints.ts';
import { createLiveEstate, type LiveEstate } from './azure/estate.ts';
import { resolveCredentials } from './azure/identity/resolve-credentials.ts';
import { createPlanExecutor } from './azure/plan-executor.ts';
import { remembered } from './azure/remembered.ts';
import { connectServiceBus } from './azure/service-bus/connection.ts';
import { createMessages } from './azure/service-bus/messages.ts';
import { createSetAside } from './azure/service-bus/set-aside.ts';
import { createAccountLinks } from './azure/tables/account-links.ts';
import { createAccountReads } from './azure/tables/account-reads.ts';
import { createAlertDeliveries } from './azure/tables/alert-deliveries.ts';
import { createApprovalStore } from './azure/tables/approval-store.ts';
import { createBrakeStore } from './azure/tables/brake-store.ts';
import { createChangeHistory } from './azure/tables/change-history.ts';
import { connectStorage } from './azure/tables/connection.ts';
import { createExpired } from './azure/tables/expired.ts';
import { createFactStore } from './azure/tables/fact-store.ts';
import { createFindingStore } from './azure/tables/finding-store.ts';
import { createFormerKeys } from './azure/tables/former-keys.ts';
import { createHistory } from './azure/tables/history.ts';
import { createInbox } from './azure/tables/inbox.ts';
import { createJobRequests } from './azure/tables/job-requests.ts';
import { createJobStore } from './azure/tables/job-store.ts';
import { createKnownAccounts } from './azure/tables/known-accounts.ts';
import { createLatencies } from './azure/tables/latencies.ts';
import { createOutbox } from './azure/tables/outbox.ts';
import { createPageKey } from './azure/tables/page-key.ts';
import { createRunStore } from './azure/tables/run-store.ts';
import { createSweepLog } from './azure/tables/sweep-log.ts';
import { createTaskStore } from './azure/tables/task-store.ts';
import { createWaiverStore } from './azure/tables/waiver-store.ts';
import { createWatchMarks } from './azure/tables/watch-marks.ts';
import { createWatchStore } from './azure/tables/watch-store.ts';
import { createWriteRecords } from './azure/tables/write-records.ts';
import { type Environment, listOf, required, roleOf } from './config.ts';
import { sha256 } from './digest.ts';
import { createDirectoryDeltas, watchedPolicy } from './directory-deltas.ts';
import { createEndpointTargets } from './endpoint-targets.ts';
import { createFreshFacts } from './fresh-facts.ts';
import { parseAlertEvent } from './messages/alert.ts';
import { parseAlertCauses } from './messages/alert-causes.ts';
import { parseAuditWork } from './messages/audit-work.ts';
import { readJob } from './messages/read-job.ts';
import { readResult } from './messages/result.ts';
import { blobContainers, tables } from './names.ts';
import { createPolicyReader } from './policy-now.ts';
import { createMakerReader } from './app-makers.ts';
import { createRunCollections } from './run-collections.ts';
import { createTenantFacts } from './tenant-facts.ts';
import { servicesOver, type Services } from './services.ts';
import { loadSettings } from './settings/load-settings.ts';
import { waiverId } from './waiver-id.ts';
import { storageEvent } from './wire/storage-event.ts';

/** A subscription hardly ever moves to another tenant. */
const tenantKeptMs = 3_600_000;

/**
 * Where ports meet their implementations. Opens no connection: the first use does.
 * @throws ConfigInvalid, SettingsInvalid, EndpointInvalid and the settings errors of storage and Service Bus
 */
export async function compose(env: Environment): Promise<Services> {
  const role = roleOf(env);
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

  const subscriptionTenant = remembered(tenantKeptMs, now, (subscriptionId) =>
    estate().readSubscriptionTenant(subscriptionId),
  );
  const estate = (): LiveEstate =>
    liveEstateOf(env, settings, tenantId, { endpoints, credentials, subscriptionTenant });
  const { changeLog } = estate();
  // A write is sent once: what fails in passing is tried again by a message, which outlasts any function.
  const writing = (): LiveEstate => liveEstateOf(env, settings, tenantId, { endpoints, credentials, maxRetries: 0 });
  const container = storage.container(blobContainers.runs);
  const collections = createRunCollections({ estate, files: (place) => openRunFiles(container, place), now });
  const findingsTable = storage.table(tables.findings);
  const accounts = storage.table(tables.accounts);
  const history = storage.table(tables.history);
  const runsTable = storage.table(tables.runs);
  const inbox = storage.table(tables.inbox);
  const jobs = storage.table(tables.jobs);
  const approvals = storage.table(tables.approvals);
  const runs = createRunStore(runsTable);
  const deliveries = createAlertDeliveries(inbox);
  const read = (endpointId: string): Promise<PrivateEndpointReading> => estate().readPrivateEndpoint(endpointId);

  return servicesOver({
    settings,
    now,
    digest: sha256,
    collections,
    runs,
    findings: createFindingStore(findingsTable),
    outbox: createOutbox(findingsTable),
    accountReads: createAccountReads(accounts),
    accountLinks: createAccountLinks(accounts),
    formerKeys: createFormerKeys(accounts),
    known: createKnownAccounts(accounts),
    watch: createWatchStore(accounts, watchedPolicy),
    watchMarks: createWatchMarks(accounts),
    lastLooks: new Map(),
    watched: createFactStore(accounts),
    inbox: createInbox(inbox),
    history: createHistory(history),
    changes: createChangeHistory(history),
    changeLog,
    jobs: createJobStore(jobs),
    tasks: createTaskStore(jobs),
    approvals: createApprovalStore(approvals),
    brakes: createBrakeStore(approvals),
    requests: createJobRequests(approvals),
    records: createWriteRecords(approvals),
    setAside: createSetAside(serviceBus),
    policy: createPolicyReader(() => estate().graph, now),
    makers: createMakerReader({ graph: () => estate().graph, changeLog, now }),
    waivers: createWaiverStore(storage.table(tables.waivers)),
    sweeps: createSweepLog(runsTable),
    expired: createExpired({
      findings: findingsTable,
      history,
      runs: runsTable,
      inbox,
      jobs,
      accounts,
      removeFiles: (runId) => removeRunFiles(container, runId),
    }),
    messages: createMessages(serviceBus, tenantId),
    accountNames: createAccountNameCheck(estate),
    apps: createAppCheck(estate),
    endpoints: createEndpointTargets({ read, runs, collections }),
    deltas: () => createDirectoryDeltas(estate().graph, tenantId),
    facts: createFreshFacts(estate, wantedBy(enabledRules(settings))),
    planFacts: createFreshFacts(estate, wantedBy(rules.filter(({ remediation }) => remediation.action !== null))),
    tenantFacts: createTenantFacts(estate, createChangeHistory(history)),
    executor: role === 'auditor' ? null : createPlanExecutor(writing()),
    inScope: async (subscriptionId) => (await estate().subscriptionsInScope()).includes(subscriptionId),
    remediatorId: env['KERBWATCH_OBJECT_ID'] ?? null,
    deliver: (channel, alert) => deliverAlert(channel, alert, { settings, env, fetch, deliveries, now: now() }),
    recordLatency: (times) => createLatencies(runsTable).record(times),
    api: {
      callerCheck: createCallerCheck({ env, tenantId, fetch }),
      rateLimit: createRateLimit(requestsOfOneCaller),
      pageKey: createPageKey(runsTable, () => randomBytes(32).toString('base64url')),
      waiverId,
      latencies: createLatencies(runsTable),
    },
    read: {
      storageEvent: (event) => storageEvent(event, tenantId),
      auditWork: parseAuditWork,
      alert: parseAlertEvent,
      alertCauses: parseAlertCauses,
      result: readResult,
      job: (message) => readJob(message, tenantId),
    },
    newRunId: () => `${new Date(now()).toISOString().replace(/[-:]|\.\d+/g, '')}-${randomUUID().slice(0, 8)}`,
    wait: (milliseconds) => sleep(milliseconds),
    close: () => serviceBus.close(),
  });
}

/** A source that has read nothing yet, over the scope of the environment, else of the settings, else all that is seen. */
export function liveEstateOf(
  env: Environment,
  settings: Settings,
  tenantId: string,
  {
    maxRetries,
    ...access
  }: Pick<Parameters<typeof createLiveEstate>[0], 'endpoints' | 'credentials' | 'signal' | 'subscriptionTenant'> & {
    readonly maxRetries?: number;
  },
): LiveEstate {
  const managementGroups = listOf(env, 'KERBWATCH_MANAGEMENT_GROUPS');
  const subscriptions = listOf(env, 'KERBWATCH_SUBSCRIPTIONS');
  const scoped = managementGroups.length + subscriptions.length > 0;
  return createLiveEstate({
    ...access,
    tenantId,
    scope: scoped ? { managementGroups, subscriptions } : settings.scope,
    retry: { sleep: (milliseconds) => sleep(milliseconds), random: Math.random, maxRetries },
  });
}
