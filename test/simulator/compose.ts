import { deliverAlert } from '../../infra/alerts/deliver.ts';
import { createMessages } from '../../infra/azure/service-bus/messages.ts';
import { createAccountLinks } from '../../infra/azure/tables/account-links.ts';
import { createSetAside } from '../../infra/azure/service-bus/set-aside.ts';
import { createAccountReads } from '../../infra/azure/tables/account-reads.ts';
import { createAlertDeliveries } from '../../infra/azure/tables/alert-deliveries.ts';
import { createApprovalStore } from '../../infra/azure/tables/approval-store.ts';
import { createBrakeStore } from '../../infra/azure/tables/brake-store.ts';
import { createChangeHistory } from '../../infra/azure/tables/change-history.ts';
import { createExpired } from '../../infra/azure/tables/expired.ts';
import { createFactStore } from '../../infra/azure/tables/fact-store.ts';
import { createFindingStore } from '../../infra/azure/tables/finding-store.ts';
import { createFormerKeys } from '../../infra/azure/tables/former-keys.ts';
import { createHistory } from '../../infra/azure/tables/history.ts';
import { createInbox } from '../../infra/azure/tables/inbox.ts';
import { createJobRequests } from '../../infra/azure/tables/job-requests.ts';
import { createJobStore } from '../../infra/azure/tables/job-store.ts';
import { createWriteRecords } from '../../infra/azure/tables/write-records.ts';
import { createKnownAccounts } from '../../infra/azure/tables/known-accounts.ts';
import { createLatencies } from '../../infra/azure/tables/latencies.ts';
import { createOutbox } from '../../infra/azure/tables/outbox.ts';
import { createRunStore } from '../../infra/azure/tables/run-store.ts';
import { createSweepLog } from '../../infra/azure/tables/sweep-log.ts';
import { createTaskStore } from '../../infra/azure/tables/task-store.ts';
import type { Table } from '../../infra/azure/tables/table.ts';
import { createWaiverStore } from '../../infra/azure/tables/waiver-store.ts';
import { createWatchMarks } from '../../infra/azure/tables/watch-marks.ts';
import { createWatchStore } from '../../infra/azure/tables/watch-store.ts';
import { sha256 } from '../../infra/digest.ts';
import { waiverId } from '../../infra/waiver-id.ts';
import { parseAlertEvent } from '../../infra/messages/alert.ts';
import { parseAlertCauses } from '../../infra/messages/alert-causes.ts';
import { parseAuditWork } from '../../infra/messages/audit-work.ts';
import { readJob } from '../../infra/messages/read-job.ts';
import { readResult } from '../../infra/messages/result.ts';
import { type Parts, type Services, servicesOver } from '../../infra/services.ts';
import { storageEvent } from '../../infra/wire/storage-event.ts';
import { tenantId } from '../domain/build.ts';
import { remediator } from '../domain/memory-ports.ts';
import { personIn } from './actors/signed-in.ts';
import type { SimulatedBroker } from './broker/broker.ts';
import { gatedConnection } from './broker/connection.ts';
import type { Slot } from './instance.ts';
import { secretSetting } from './seed-settings.ts';
import type { Simulation } from './simulation.ts';
import { gatedTable, readOnly } from './store/gated-table.ts';
import type { TableName } from './store/store.ts';
import { accountNameCheck } from './tenant/account-names.ts';
import { appCheck } from './tenant/app-check.ts';
import { changeLog } from './tenant/change-log.ts';
import { directoryDeltas, watchedAgain } from './tenant/deltas.ts';
import { planExecutor } from './tenant/executor.ts';
import { freshFacts, wholeFacts } from './tenant/readings.ts';
import { subscriptionIds } from './tenant/live.ts';
import { watchedBrakes } from './tenant/watched-brakes.ts';
import { runCollections } from './tenant/run-collections.ts';
import { tenantFacts } from './tenant/tenant-facts.ts';
import type { Witness } from './witness.ts';

/** The product as one invocation sees it: its own stores, messages and use cases, over simulated tables, broker and Azure. */
export function composeFor(slot: Slot, simulation: Simulation): { readonly parts: Parts; readonly services: Services } {
  const { store, gate, tenant, readings, files, random, weather, wrong, settings, timeline } = simulation;
  const now = (): number => timeline.now() + slot.skew;
  const table = (name: TableName): Table => {
    const gated = gatedTable(name, store[name], slot, gate);
    return wrong.table?.(gated) ?? gated;
  };
  const [findings, accounts, history, runs, inbox, jobs] = [
    table('findings'),
    table('accounts'),
    table('history'),
    table('runs'),
    table('inbox'),
    table('jobs'),
  ];
  // As the roles of the deployment have it: the auditor neither writes to the tenant nor decides.
  const mayWrite = slot.name().startsWith('remediator');
  const approvals = mayWrite ? table('approvals') : readOnly(table('approvals'));
  const brakes = watchedBrakes(createBrakeStore(approvals));
  const changes = createChangeHistory(history);
  const connection = gatedConnection(heardBy(simulation.witness, simulation.broker), slot, gate, timeline.now);
  const kept = createAlertDeliveries(inbox);
  const deliveries = wrong.deliveries?.(kept, now) ?? kept;
  const fetch = simulation.receiver.fetchFor(slot, gate);
  const parts: Parts = {
    settings,
    now,
    digest: sha256,
    collections: runCollections(slot, { tenant, readings, files, random, weather, gate }),
    runs: createRunStore(runs),
    findings: createFindingStore(findings),
    outbox: createOutbox(findings),
    accountReads: createAccountReads(accounts),
    accountLinks: createAccountLinks(accounts),
    formerKeys: createFormerKeys(accounts),
    known: createKnownAccounts(accounts),
    watch: createWatchStore(accounts, watchedAgain),
    watchMarks: createWatchMarks(accounts),
    lastLooks: new Map(),
    watched: createFactStore(accounts),
    inbox: createInbox(inbox),
    history: createHistory(history),
    changes,
    changeLog: changeLog(tenant, slot, simulation),
    jobs: createJobStore(jobs),
    tasks: createTaskStore(jobs),
    approvals: createApprovalStore(approvals),
    brakes: brakes.store,
    requests: createJobRequests(approvals),
    records: createWriteRecords(approvals),
    setAside: createSetAside(connection),
    policy: () => Promise.resolve(null),
    makers: () => Promise.resolve(null),
    waivers: createWaiverStore(table('waivers')),
    sweeps: createSweepLog(runs),
    expired: createExpired({ findings, history, runs, inbox, jobs, accounts, removeFiles: () => Promise.resolve() }),
    messages: createMessages(connection, tenantId),
    accountNames: accountNameCheck(tenant, slot, simulation),
    apps: appCheck(tenant, slot, simulation),
    endpoints: { of: () => Promise.resolve(null) },
    deltas: () => directoryDeltas(slot, { tenant, random, weather, gate }),
    facts: freshFacts(tenant, readings, slot, gate),
    planFacts: wholeFacts(tenant, slot, gate),
    tenantFacts: tenantFacts(tenant, slot, gate, changes),
    executor: mayWrite
      ? planExecutor(tenant, slot, {
          gate,
          random,
          weather,
          onWrite: (write) => {
            simulation.listeners.onTenantWrite(write);
          },
          onWritten: () => {
            simulation.truth.look();
            simulation.listeners.onTenantWritten();
          },
          takeBrakes: brakes.take,
        })
      : null,
    inScope: (subscriptionId) => Promise.resolve(subscriptionIds.some((id) => id === subscriptionId)),
    remediatorId: remediator,
    deliver: (channel, alert) =>
      deliverAlert(channel, alert, { settings, env: { [secretSetting]: 'secret' }, fetch, deliveries, now: now() }),
    recordLatency: (times) => createLatencies(runs).record(times),
    api: {
      callerCheck: personIn,
      rateLimit: () => ({ allowed: true }),
      pageKey: () => Promise.resolve('simulated'),
      waiverId,
      latencies: createLatencies(runs),
    },
    read: {
      storageEvent: (event) => storageEvent(event, tenantId),
      auditWork: parseAuditWork,
      alert: parseAlertEvent,
      alertCauses: parseAlertCauses,
      job: (message) => readJob(message, tenantId),
      result: readResult,
    },
    newRunId: () => `${new Date(now()).toISOString().replace(/[-:]|\.\d+/g, '')}-${random.hex(8)}`,
    wait: (milliseconds) =>
      new Promise((resolve) => {
        timeline.after(milliseconds, () => {
          if (slot.isAlive()) resolve(null);
        });
      }),
    close: () => Promise.resolve(),
  };
  const told = wrong.parts?.(parts) ?? parts;
  return { parts: told, services: servicesOver(told) };
}

/** The broker as the product sends to it: others may send too. */
function heardBy(witness: Witness, broker: SimulatedBroker): SimulatedBroker {
  return {
    ...broker,
    send(entity, message, dueAt) {
      witness.onSent(entity, message);
      broker.send(entity, message, dueAt);
    },
  };
}
