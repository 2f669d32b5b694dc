import type {
  AccountNameCheck,
  AppCheck,
  FreshAccount,
  FreshFacts,
  Messages,
  PlanExecutor,
  Reach,
  RunCollections,
} from '../../domain/audit/ports.ts';
import type { ChangeHistory, ChangeLog, FactStore } from '../../domain/audit/drift-ports.ts';
import type { Expired } from '../../domain/audit/purge.ts';
import { noRequests } from '../../domain/audit/run.ts';
import type { LastLooks, WatchMarks } from '../../domain/audit/watch-ports.ts';
import type { AuditWork } from '../../domain/audit/work.ts';
import type { Alert } from '../../domain/findings/alert.ts';
import { collected, type Collection, type Gap, itemsOf, known } from '../../domain/model/collection.ts';
import type { DirectoryFacts, ResourceFacts, SharedFacts } from '../../domain/model/facts.ts';
import { notRead } from '../../domain/model/not-read.ts';
import type { FileService } from '../../domain/model/resources.ts';
import type { StorageAccount } from '../../domain/model/storage-account.ts';
import type { ApprovalStore } from '../../domain/remediation/approval.ts';
import type { BrakeState, BrakeStore } from '../../domain/remediation/brakes.ts';
import { CallRefused } from '../../domain/remediation/call-failure.ts';
import { type Digest, jobMessageId, type RemediationJob } from '../../domain/remediation/job.ts';
import type { JobRequests } from '../../domain/remediation/job-request.ts';
import type { WriteRecords } from '../../domain/remediation/write-record.ts';
import { formerAppsOf } from '../../domain/remediation/former-apps.ts';
import type { TenantFacts } from '../../domain/remediation/tenant-facts.ts';
import type { PlannedCall } from '../../domain/remediation/plan.ts';
import { sha256 } from '../../infra/digest.ts';
import { grant, guid, now } from './build.ts';
import { directoryOf, fileServicesOf, resourcesOf } from './estate.ts';
import { createMemoryDrift, type MemoryDrift } from './memory-drift.ts';
import { createFaults, type Faults, interruptible } from './faults.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { createMemoryRemediation } from './memory-remediation.ts';
import { memoryLinks, type MemoryLinks, memoryMarks, memoryWatch, type MemoryWatch } from './memory-watch.ts';

export interface SentWork {
  readonly messageId: string;
  readonly work: AuditWork;
  readonly notBefore: number | null;
}

/** All that was sent, each sending of the same message included; `distinct` is what a broker without duplicates holds. */
export interface Sent {
  readonly work: SentWork[];
  readonly jobs: RemediationJob[];
  readonly alerts: Alert[];
  /** Messages of jobs that were put off, and for when. */
  readonly again: { readonly jobId: string; readonly at: number }[];
  /** Messages of jobs that were sent since one may be lost. */
  readonly resent: { readonly jobId: string; readonly number: number }[];
  readonly rejected: { readonly source: string; readonly reason: string }[];
  readonly results: { readonly jobId: string; readonly outcome: string; readonly reason: string | null }[];
}

/** Azure as it is now: what a fresh read sees, and what a write changes. */
export interface World {
  now: number;
  /** By account key; what is not named is absent. */
  readonly readings: Map<string, FreshAccount>;
  directory: DirectoryFacts;
  resources: ResourceFacts;
  /** Of all accounts, as a shard reads them. */
  fileServices: Collection<FileService>;
  /** Subscriptions that are seen, and what could not be read of the list of accounts. */
  seen: readonly string[];
  accountGaps: readonly Gap[];
  /** What the run is asked to look at; both empty: all that is seen. */
  scope: Reach['scope'];
  /** Keys of accounts that the list leaves out, although a read of the account finds them. */
  readonly unlisted: Set<string>;
  /** Names that the cloud says something about, lower case. */
  readonly accountNames: Map<string, 'taken' | 'free'>;
  /** Apps that were deleted and can be restored; null: may not be read. */
  restorable: ReadonlySet<string> | null;
  /** Apps that are gone although the lists show them still. */
  readonly goneApps: Set<string>;
  /** Every write that was carried out. */
  readonly executed: PlannedCall[];
}

export interface MemoryPorts extends Pick<
  MemoryStore,
  'findings' | 'outbox' | 'history' | 'jobs' | 'tasks' | 'runs' | 'accountReads' | 'formerKeys' | 'waivers' | 'sweeps'
> {
  readonly world: World;
  readonly store: MemoryStore;
  readonly sent: Sent;
  readonly faults: Faults;
  readonly facts: FreshFacts;
  readonly tenantFacts: TenantFacts;
  readonly executor: PlanExecutor;
  readonly approvals: ApprovalStore;
  readonly requests: JobRequests;
  readonly records: WriteRecords;
  readonly brakes: BrakeStore;
  /** All brakes as they are. */
  readonly braked: () => BrakeState;
  readonly inScope: (subscriptionId: string) => Promise<boolean>;
  readonly messages: Messages;
  readonly collections: RunCollections;
  readonly accountNames: AccountNameCheck;
  readonly apps: AppCheck;
  readonly accountLinks: MemoryLinks;
  readonly watch: MemoryWatch;
  readonly watchMarks: WatchMarks;
  readonly lastLooks: LastLooks;
  readonly drift: MemoryDrift;
  readonly expired: Expired;
  readonly watched: FactStore;
  readonly changes: ChangeHistory;
  readonly changeLog: ChangeLog;
  readonly now: () => number;
  readonly digest: Digest;
  readonly actor: string;
}

/** The identity that remediates. */
export const remediator = guid(0xf00);

/** Every port, in memory, over one estate. All calls but those of the clock can be struck by `faults`. */
export function memoryPorts(
  accounts: readonly StorageAccount[],
  directory: DirectoryFacts = directoryOf(accounts.map(({ name }) => name)),
  { transactionSize = 33 }: { readonly transactionSize?: number } = {},
): MemoryPorts {
  const faults = createFaults();
  const world: World = {
    now,
    readings: new Map(),
    directory,
    resources: resourcesOf(),
    fileServices: fileServicesOf(accounts),
    seen: [...new Set(accounts.map(({ subscriptionId }) => subscriptionId))],
    accountGaps: [],
    scope: { subscriptions: [], managementGroups: [] },
    unlisted: new Set(),
    accountNames: new Map(),
    restorable: new Set(),
    goneApps: new Set(),
    executed: [],
  };
  for (const account of accounts) {
    world.readings.set(account.key, { state: 'found', account, fileServices: fileServicesOf([account]) });
  }
  const clock = (): number => world.now;
  const store = createMemoryStore({
    now: clock,
    transactionSize,
    onTransaction: () => faults.around(() => undefined),
  });
  const drift = createMemoryDrift();
  const remediation = createMemoryRemediation();
  const sent: Sent = { work: [], jobs: [], alerts: [], again: [], resent: [], rejected: [], results: [] };
  return {
    world,
    store,
    sent,
    faults,
    now: clock,
    digest: sha256,
    actor: remediator,
    findings: interruptible(store.findings, faults),
    outbox: interruptible(store.outbox, faults),
    history: interruptible(store.history, faults),
    jobs: interruptible(store.jobs, faults),
    tasks: interruptible(store.tasks, faults),
    tenantFacts: interruptible(tenantFactsOf(world, drift), faults),
    runs: interruptible(store.runs, faults),
    accountReads: interruptible(store.accountReads, faults),
    formerKeys: interruptible(store.formerKeys, faults),
    waivers: interruptible(store.waivers, faults),
    sweeps: interruptible(store.sweeps, faults),
    facts: interruptible(freshFacts(world), faults),
    executor: interruptible(executorOf(world), faults),
    approvals: interruptible(remediation.approvals, faults),
    requests: interruptible(remediation.requests, faults),
    records: interruptible(remediation.records, faults),
    brakes: interruptible(remediation.brakes, faults),
    braked: () => remediation.braked(),
    inScope: (subscriptionId) => Promise.resolve(world.seen.includes(subscriptionId)),
    messages: interruptible(messagesTo(sent), faults),
    collections: interruptible(collectionsOf(world), faults),
    accountNames: interruptible(namesOf(world), faults),
    apps: interruptible(appsOf(world), faults),
    accountLinks: interruptible(memoryLinks(), faults),
    watch: interruptible(memoryWatch(), faults),
    watchMarks: interruptible(memoryMarks(), faults),
    lastLooks: new Map(),
    drift,
    expired: interruptible(drift.expired, faults),
    watched: interruptible(drift.watched, faults),
    changes: interruptible(drift.changes, faults),
    changeLog: interruptible(drift.changeLog, faults),
  };
}

/** Ids of what was sent, each once: what reaches a receiver that knows duplicates. */
export function distinct(sent: Sent): { readonly alerts: string[]; readonly jobs: string[]; readonly work: string[] } {
  return {
    alerts: [...new Set(sent.alerts.map(({ id }) => id))].sort(),
    jobs: [...new Set(sent.jobs.map((job) => jobMessageId(job, sha256)))].sort(),
    work: [...new Set(sent.work.map(({ messageId }) => messageId))].sort(),
  };
}

function freshFacts(world: World): FreshFacts {
  return {
    account: (accountId) => Promise.resolve(world.readings.get(accountId.toLowerCase()) ?? { state: 'absent' }),
    shared: () => Promise.resolve(sharedOf(world)),
  };
}

function tenantFactsOf(world: World, drift: MemoryDrift): TenantFacts {
  return {
    storageAccounts: () => {
      const read = [...world.readings.values()].flatMap((one) => (one.state === 'found' ? [one.account] : []));
      return Promise.resolve(collected(read, world.accountGaps));
    },
    formerApps: () => Promise.resolve(formerAppsOf(drift.told())),
    restorable: (appIds) =>
      Promise.resolve(world.restorable === null ? null : new Set(appIds.filter((id) => world.restorable?.has(id)))),
  };
}

/** Knows one write, a new grant, and refuses a second one for the same client as Microsoft Graph does. */
function executorOf(world: World): PlanExecutor {
  const grantsOf = (clientId: unknown) =>
    itemsOf(world.directory.oauth2PermissionGrants).filter((held) => held.clientId === clientId);
  return {
    read: ({ body }) => {
      const value = grantsOf(body['clientId']).map((held) => ({ ...held, scope: held.scopes.join(' ') }));
      return Promise.resolve({ value });
    },
    execute: (call) => {
      const clientId = textOf(call, 'clientId');
      if (grantsOf(clientId).length > 0) return Promise.reject(new CallRefused('409: the grant is there already', 409));
      const made = grant({
        id: `made-${clientId}`,
        clientId,
        resourceId: textOf(call, 'resourceId'),
        scopes: textOf(call, 'scope').split(' '),
      });
      const grants = [...itemsOf(world.directory.oauth2PermissionGrants), made];
      world.directory = { ...world.directory, oauth2PermissionGrants: known(grants) };
      world.executed.push(call);
      return Promise.resolve({ id: made.id });
    },
  };
}

function textOf({ body }: PlannedCall, name: string): string {
  const value = body[name];
  if (typeof value !== 'string') throw new TypeError(`The body has no text ${name}`);
  return value;
}

function messagesTo(sent: Sent): Messages {
  return {
    auditWork: (work) => Promise.resolve(void sent.work.push(...work)),
    job: (job, { againAt, resent } = {}) => {
      if (resent !== undefined) sent.resent.push({ jobId: job.jobId, number: resent });
      else if (againAt === undefined) sent.jobs.push(job);
      else sent.again.push({ jobId: job.jobId, at: againAt });
      return Promise.resolve();
    },
    alert: (alert) => Promise.resolve(void sent.alerts.push(alert)),
    result: ({ jobId }, outcome, reason) => Promise.resolve(void sent.results.push({ jobId, outcome, reason })),
    reject: (source, reason) => Promise.resolve(void sent.rejected.push({ source, reason })),
  };
}

function namesOf(world: World): AccountNameCheck {
  return {
    check: (names) =>
      Promise.resolve({
        answers: new Map([...world.accountNames].filter(([name]) => names.includes(name))),
        requests: { ...noRequests, arm: names.length },
      }),
  };
}

function appsOf(world: World): AppCheck {
  return {
    gone: (appIds) =>
      Promise.resolve({
        appIds: new Set(appIds.filter((appId) => world.goneApps.has(appId))),
        requests: { ...noRequests, graph: appIds.length },
      }),
  };
}

function sharedOf({ directory, resources }: World): SharedFacts {
  return { directory, resources };
}

function collectionsOf(world: World): RunCollections {
  const runs = new Map<string, SharedFacts>();
  const captured = new Map<string, readonly StorageAccount[]>();
  const planning = new Set<string>();
  const shards = new Map<string, readonly StorageAccount[]>();
  return {
    capture: (runId) => {
      const accounts = [...world.readings.values()]
        .flatMap((one) => (one.state === 'found' ? [one.account] : []))
        .filter(({ key, subscriptionId }) => !world.unlisted.has(key) && world.seen.includes(subscriptionId));
      runs.set(runId, sharedOf(world));
      captured.set(runId, accounts);
      planning.add(runId);
      return Promise.resolve({
        ...sharedOf(world),
        storageAccounts: collected(accounts, world.accountGaps),
        reach: { scope: world.scope, seen: world.seen, pages: new Map([['storage-accounts', 1]]) },
        requests: { resourceGraph: 1, graph: 4, arm: 0, throttled: 0 },
      });
    },
    keepShard: (runId, shard, keys) => {
      const accounts = planning.has(runId) ? (captured.get(runId) ?? []) : [];
      shards.set(
        `${runId}/${String(shard)}`,
        accounts.filter(({ key }) => keys.includes(key)),
      );
      return Promise.resolve();
    },
    release: (runId) => void planning.delete(runId),
    shared: (runId) => foundIn(runs, runId),
    storageAccounts: async (runId) => known(await foundIn(captured, runId)),
    shardFacts: async (runId, shard, wanted) => {
      const accounts = await foundIn(shards, `${runId}/${String(shard)}`);
      const fileServices = wanted.has('file-services') ? world.fileServices : notRead<FileService>('file-services');
      const requests = { ...noRequests, arm: accounts.length };
      return { storageAccounts: known(accounts), fileServices, requests };
    },
  };
}

function foundIn<T>(kept: ReadonlyMap<string, T>, key: string): Promise<T> {
  const value = kept.get(key);
  return value === undefined ? Promise.reject(new Error(`${key} was not kept`)) : Promise.resolve(value);
}
