import type { Alert } from '../findings/alert.ts';
import type { Finding, Transition } from '../findings/finding.ts';
import type { FindingState } from '../findings/lifecycle.ts';
import type { Waiver } from '../findings/waiver.ts';
import type { Collection, CollectionName, Gap } from '../model/collection.ts';
import type { Coverage } from '../model/coverage.ts';
import type { AccountsFacts, SharedFacts } from '../model/facts.ts';
import type { FileService } from '../model/resources.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { PlannedCall } from '../remediation/plan.ts';
import type { JobProgress } from '../remediation/job-progress.ts';
import type { JobState, RemediationJob } from '../remediation/job.ts';
import type { Overwritten } from '../remediation/overwritten.ts';
import type { RepairTask } from '../remediation/repair-task.ts';
import type { Run, ShardTally } from './run.ts';
import type { AuditWork, Shard } from './work.ts';

export interface StoredFinding {
  readonly finding: Finding;
  /** ETag. */
  readonly version: string;
}

/** What leaves Kerbwatch because of a transition; stored with it, sent later. */
export type Effect =
  | { readonly kind: 'alert'; readonly alert: Alert }
  | { readonly kind: 'job'; readonly job: RemediationJob }
  | { readonly kind: 'task'; readonly task: RepairTask }
  | ({ readonly kind: 'work' } & QueuedWork);

/** Work for `audit-work`. `notBefore` is epoch milliseconds. */
export interface QueuedWork {
  readonly messageId: string;
  readonly work: AuditWork;
  readonly notBefore: number | null;
}

/** One finding to write. `version` null: it must not exist yet. */
export interface FindingCommit {
  readonly finding: Finding;
  readonly version: string | null;
  readonly transition: Transition | null;
  readonly effects: readonly Effect[];
}

/** Somebody else wrote one of the findings, or opened it first. Read again and reduce again. */
export class FindingConflict extends Error {
  override readonly name = 'FindingConflict';
  /** How many of what was to be committed were, from the first on, before somebody else was first. */
  readonly committed: number;
  constructor(message: string, committed = 0) {
    super(message);
    this.committed = committed;
  }
}

/** Findings of one subscription, or of the tenant, live in one partition: what commits together is whole or not at all. */
export interface FindingStore {
  /** Findings of these accounts (lower-cased ids), whatever their state. */
  read(subscriptionId: string, accountKeys: readonly string[]): Promise<readonly StoredFinding[]>;
  /** Every finding of a partition, whatever its state; for that of the tenant, which holds few. */
  readAll(partition: string): Promise<readonly StoredFinding[]>;
  /**
   * Writes findings, transitions and effects in entity group transactions; a finding and what belongs to it never part.
   * @throws FindingConflict when a version is stale; what was committed before the conflict stays.
   */
  commit(partition: string, commits: readonly FindingCommit[]): Promise<void>;
  /** Every finding about an account, in all subscriptions, whatever its state; one account's come together. */
  ofAccounts(): AsyncIterable<Finding>;
  /**
   * All findings in any of these states, for people; not for the flow. None given: all findings, those too that a newer
   * version wrote in a state unknown here.
   */
  list(...states: readonly FindingState[]): AsyncIterable<Finding>;
  /**
   * Findings in any state, in the order of the store, from after a position on; for people. What is opened meanwhile may lie
   * before it.
   * @param after of the last finding that was seen; null for the beginning
   */
  page(after: string | null, most: number): Promise<FindingPage>;
  /** All findings of an id, compared without case: more than one where an account of the same name was made again elsewhere. */
  find(findingId: string): Promise<readonly StoredFinding[]>;
}

/** A few findings, each with its position in the store. */
export interface FindingPage {
  readonly findings: readonly (StoredFinding & { readonly position: string })[];
  /** Whether there is none after them. */
  readonly isLast: boolean;
}

export interface StoredWaiver {
  readonly waiver: Waiver;
  /** ETag. */
  readonly version: string;
}

/** Waivers are few, and are kept when they are over. */
export interface WaiverStore {
  /** Every waiver that can be read as one, whether it holds or not. */
  all(): Promise<readonly StoredWaiver[]>;
  /** Rows that are no waiver, by their id: they waive nothing. */
  malformed(): Promise<readonly string[]>;
  find(id: string): Promise<StoredWaiver | null>;
  /** @returns false when the id is taken. */
  insert(waiver: Waiver): Promise<boolean>;
  /** @returns false when somebody else wrote it first. */
  replace(waiver: Waiver, version: string): Promise<boolean>;
}

/** What one sweep repaired. */
export interface SweepRecord {
  /** Epoch milliseconds, UTC. */
  readonly at: number;
  /** A sentence for each thing, for people. */
  readonly repaired: readonly string[];
}

/** What sweeps did, and what they said once and must not say again. */
export interface SweepLog {
  record(sweep: SweepRecord): Promise<void>;
  /** Newest first. */
  latest(count: number): Promise<readonly SweepRecord[]>;
  has(key: string): Promise<boolean>;
  /** Whatever was said whose key begins with these words and `~`, in one request. */
  under(words: string): Promise<ReadonlySet<string>>;
  /** @param at epoch milliseconds, for those who clear out what is old. */
  mark(key: string, at: number): Promise<void>;
  /** It may be said again. Forgetting what was not said changes nothing. */
  forget(key: string): Promise<void>;
}

export interface OutboxEntry {
  /** Row key: sorts in the order of commit within a finding. */
  readonly key: string;
  readonly transition: Transition | null;
  readonly effects: readonly Effect[];
}

/** What is stored and not sent yet. A partition is a subscription id, or `-` for what belongs to none. */
export interface Outbox {
  /**
   * Partitions that may hold entries: a marker is written before every commit, so none is missed. `markedAt` is the
   * service's own time of the marker, epoch milliseconds.
   */
  partitions(): Promise<readonly { readonly partition: string; readonly version: string; readonly markedAt: number }[]>;
  entries(partition: string): AsyncIterable<OutboxEntry>;
  /** Removes an entry that was sent; removing it twice is no error. */
  remove(partition: string, key: string): Promise<void>;
  /** Forgets the marker unless somebody has marked the partition since. */
  unmark(partition: string, version: string): Promise<void>;
  /** Adds an effect that belongs to no finding (a run's summary). Adding the same key twice is no error. */
  add(key: string, effects: readonly Effect[]): Promise<void>;
}

export interface History {
  /** Appending a transition that is there already changes nothing. */
  append(transition: Transition): Promise<void>;
  /** Oldest first, each finding's by their numbers. @param key of a finding's place: account id in lower case, or `-/` and the subject. */
  of(key: string): Promise<readonly Transition[]>;
}

/** What was done, as found before and after. `actor` is the object id of the identity that did it, null where unknown. */
export interface JobReport {
  readonly at: number;
  readonly reason: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly actor: string | null;
  /** What has to follow: the repair is planned anew, or the auditor tells of a collision. Absent: only the verification. */
  readonly followUp?: 'plan-anew' | 'collision' | undefined;
  /** Why it was refused, where that passes; absent: it was refused for good, or by an older version. */
  readonly passes?: PassingCause | undefined;
  /** Since what refused it has passed: when that was seen, and whether its planning anew was queued. */
  readonly plannedAnew?: { readonly at: number; readonly queued: boolean } | undefined;
  /** Absent where nothing was replaced, and in what an older version wrote. */
  readonly overwritten?: Overwritten | undefined;
}

/** `late`: it came after its end, or would have. `held`: by a brake or a setting, which a person lifts. */
export type PassingCause = 'late' | 'held';

export interface StoredJob {
  readonly job: RemediationJob;
  readonly state: JobState;
  readonly report: JobReport | null;
  /** How far whoever carries it out has come; absent before anybody began. */
  readonly progress?: JobProgress | null | undefined;
  readonly version: string;
}

/** How a job's message differs from the first: for one that was approved, and for one that comes again later. */
export interface JobDelivery {
  /** Needed for a job that needs one. */
  readonly approval?: { readonly by: string; readonly at: number } | null | undefined;
  /** Epoch milliseconds: the same job is to come again then, in a message of its own. */
  readonly againAt?: number | undefined;
  /** 1 for the first that is sent because the message may be lost, in one of its own: the broker drops one that it has seen. */
  readonly resent?: number | undefined;
}

/** The row of a job holds none that this version can read: somebody else wrote it, or a newer version did. */
export class JobUnreadable extends Error {
  override readonly name = 'JobUnreadable';
}

export interface JobStore {
  /** Inserting a job that is there already changes nothing. */
  insert(job: RemediationJob): Promise<void>;
  /** @throws JobUnreadable */
  find(jobId: string): Promise<StoredJob | null>;
  /** @param progress stays as it is where it is not given @returns the stored job, or null when somebody else moved it first. */
  move(
    job: StoredJob,
    state: JobState,
    report: JobReport | null,
    progress?: JobProgress | null,
  ): Promise<StoredJob | null>;
  /** All jobs that can be read as one, or those in one state. */
  list(state?: JobState): AsyncIterable<StoredJob>;
  /** Rows that are no job that can be read, by their id: nobody carries them out, and they stay. */
  malformed(): Promise<readonly string[]>;
}

export interface RunStore {
  /** Inserts the run and its shards; a run that is there already stays as it is. */
  start(run: Run, shards: readonly Shard[]): Promise<void>;
  find(runId: string): Promise<Run | null>;
  /** Newest first. */
  latest(count: number): Promise<readonly Run[]>;
  shard(runId: string, number: number): Promise<{ readonly shard: Shard; readonly tally: ShardTally | null } | null>;
  /** Records what a shard found. The first record stands: a redelivery does not count twice. */
  finishShard(runId: string, number: number, tally: ShardTally): Promise<void>;
  /** In order of number; the tally is null for one that is not done. */
  shards(runId: string): Promise<readonly { readonly shard: Shard; readonly tally: ShardTally | null }[]>;
  /** Keeps the run as it is in the end. @returns false when somebody else finished it first. */
  finish(finished: Run): Promise<boolean>;
  /** Partitions whose first audit is done: subscriptions, and `-` for the tenant. */
  baselined(): Promise<ReadonlySet<string>>;
  markBaselined(partitions: readonly string[]): Promise<void>;
  /** Keeps entries of the run's coverage ledger; an entry of the same collection and place is replaced. */
  keepCoverage(runId: string, entries: readonly Coverage[]): Promise<void>;
  /** The run's coverage ledger, by collection and place; empty for a run of a version that kept none. */
  coverage(runId: string): Promise<readonly Coverage[]>;
}

/** Ids that accounts had before they were moved to another resource group or subscription. ARM ids in lower case. */
export interface FormerKeys {
  /** Sorted; empty for an account that was not seen elsewhere before. */
  of(accountKey: string): Promise<readonly string[]>;
  /** Where the account is now that had this id; null where it was not seen elsewhere since. */
  movedTo(accountKey: string): Promise<string | null>;
  /** @returns whether that was new; recording the same again changes nothing. */
  record(accountKey: string, formerKey: string): Promise<boolean>;
}

/** When an account was last read on its own: whoever has older facts must not judge it. Times are epoch milliseconds. */
export interface AccountReads {
  of(subscriptionId: string): Promise<ReadonlyMap<string, number>>;
  /** Of one account; null for never. */
  last(subscriptionId: string, accountKey: string): Promise<number | null>;
  /** That it was judged by facts of then, all of them. */
  record(subscriptionId: string, accountKey: string, readAt: number): Promise<void>;
  /** That facts of then are about to judge it: told before the store is read, since what changes nothing writes nothing. */
  announce(subscriptionId: string, accountKey: string, readAt: number): Promise<void>;
  /** The youngest that were announced; null for none. */
  announced(subscriptionId: string, accountKey: string): Promise<number | null>;
}

/** The queues and topics. Ids are deterministic, so that sending twice is one message. */
export interface Messages {
  auditWork(
    work: readonly { readonly messageId: string; readonly work: AuditWork; readonly notBefore: number | null }[],
  ): Promise<void>;
  job(job: RemediationJob, delivery?: JobDelivery): Promise<void>;
  alert(alert: Alert): Promise<void>;
  result(
    job: RemediationJob,
    outcome: 'done' | 'failed' | 'refused' | 'dry-run',
    reason: string | null,
    at: number,
  ): Promise<void>;
  /** Puts aside what cannot be processed, with the reason a person can act on. */
  reject(source: string, reason: string, original: unknown, messageId?: string): Promise<void>;
}

/** What was asked for, and how far the reading got. */
export interface Reach {
  /** Lower case; both empty: all that the caller sees. */
  readonly scope: { readonly subscriptions: readonly string[]; readonly managementGroups: readonly string[] };
  /** Subscriptions that were seen, lower case; null where the source cannot tell. */
  readonly seen: readonly string[] | null;
  /** Pages that came of each list, where somebody counted. */
  readonly pages: ReadonlyMap<CollectionName, number>;
}

/** What one reading of the estate gave, kept for the run. */
export interface CapturedEstate extends SharedFacts {
  readonly storageAccounts: Collection<StorageAccount>;
  readonly reach: Reach;
  readonly requests: Run['requests'];
}

/** The accounts of a shard, and what reading more of them cost. */
export interface ShardFacts extends AccountsFacts {
  readonly requests: Run['requests'];
}

/** Collections of a run, read once and kept as blobs so that shards on other instances need not read them again. */
export interface RunCollections {
  /** Reads the accounts and those of `wanted` that the whole tenant shares, and keeps them; the others are not-read. */
  capture(runId: string, wanted: ReadonlySet<CollectionName>): Promise<CapturedEstate>;
  /** Keeps a shard's accounts as they came. */
  keepShard(runId: string, shard: number, accountKeys: readonly string[]): Promise<void>;
  /** Planning is over: what was held in memory for `keepShard` may go. */
  release(runId: string): void;
  shared(runId: string): Promise<SharedFacts>;
  /** All accounts of the run, those that settings leave out of scope too. */
  storageAccounts(runId: string): Promise<Collection<StorageAccount>>;
  /** What is read for each account is read by the first who asks, where it is wanted, and kept for a redelivery. */
  shardFacts(runId: string, shard: number, wanted: ReadonlySet<CollectionName>): Promise<ShardFacts>;
}

/** Whether storage account names are taken in the whole cloud, which proves more than not having seen them. */
export interface AccountNameCheck {
  /** @param names lower case. A name that nobody could tell about is not in the answer. */
  check(names: readonly string[]): Promise<{
    readonly answers: ReadonlyMap<string, 'taken' | 'free'>;
    readonly requests: Run['requests'];
  }>;
}

/** Whether apps are still there: what a list of the directory showed may be gone when it is judged. */
export interface AppCheck {
  /** @returns those that are proved gone: neither an application nor a service principal has that appId. */
  gone(appIds: readonly string[]): Promise<{
    readonly appIds: ReadonlySet<string>;
    readonly requests: Run['requests'];
  }>;
}

export type AccountFacts =
  | { readonly state: 'found'; readonly account: StorageAccount }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly gap: Gap };

/** An account with what is read for each account; the file services are at most its own. */
export type FreshAccount =
  | Exclude<AccountFacts, { state: 'found' }>
  | { readonly state: 'found'; readonly account: StorageAccount; readonly fileServices: Collection<FileService> };

/** Fresh reads, for one account. */
export interface FreshFacts {
  account(accountId: string): Promise<FreshAccount>;
  shared(): Promise<SharedFacts>;
}

/** Carries out one call of a plan on the endpoint's own origin. */
export interface PlanExecutor {
  /** GETs the url of `reads`. @returns the answer's body @throws CallRefused, CallPutOff */
  read(call: PlannedCall): Promise<unknown>;
  /** @returns the answer's body, null where there is none. @throws CallRefused, CallPutOff */
  execute(call: PlannedCall): Promise<unknown>;
}
