import {
  type AccountReads,
  FindingConflict,
  type FindingStore,
  type FormerKeys,
  type History,
  type JobStore,
  type Outbox,
  type OutboxEntry,
  type RunStore,
  type StoredFinding,
  type StoredJob,
  type StoredWaiver,
  type SweepLog,
  type SweepRecord,
  type WaiverStore,
} from '../../domain/audit/ports.ts';
import type { Run, ShardTally } from '../../domain/audit/run.ts';
import type { Shard } from '../../domain/audit/work.ts';
import type { Finding, Transition } from '../../domain/findings/finding.ts';
import type { Coverage } from '../../domain/model/coverage.ts';
import type { RepairTask, TaskStore } from '../../domain/remediation/repair-task.ts';
import { noSubscription, placeOf } from '../../domain/findings/place.ts';

/** The tables, in memory, with the promises that the ports make: ETags, transactions, first record stands. */
export interface MemoryStore {
  readonly findings: FindingStore;
  readonly outbox: Outbox;
  readonly history: History;
  readonly jobs: JobStore;
  readonly tasks: TaskStore;
  readonly runs: RunStore;
  readonly accountReads: AccountReads;
  readonly waivers: WaiverStore;
  readonly sweeps: SweepLog;
  readonly formerKeys: FormerKeys;
  /** All findings, whatever their state. */
  all(): readonly Finding[];
  /** Transitions in history, in order of arrival. */
  appended(): readonly Transition[];
  /** What is stored and not sent yet, as partition and key. */
  unsent(): readonly string[];
  readonly commits: { attempted: number; written: number };
  /** The next so many transactions find that somebody else was first. */
  conflictsAhead: number;
}

export interface MemoryStoreOptions {
  readonly now: () => number;
  /** Findings to a transaction. */
  readonly transactionSize: number;
  /** Called before each transaction of a commit. */
  readonly onTransaction: () => void;
}

export function createMemoryStore({ now, transactionSize, onTransaction }: MemoryStoreOptions): MemoryStore {
  let etag = 0;
  const findings = new Map<string, StoredFinding>();
  const entries = new Map<string, Map<string, OutboxEntry>>();
  const markers = new Map<string, { readonly version: string; readonly markedAt: number }>();
  const transitions = new Map<string, Transition>();
  const jobs = new Map<string, StoredJob>();
  const tasks = new Map<string, RepairTask>();
  const runs = new Map<
    string,
    { run: Run; readonly shards: readonly Shard[]; readonly tallies: Map<number, ShardTally> }
  >();
  const baselined = new Set<string>();
  const waivers = new Map<string, StoredWaiver>();
  const sweeps: SweepRecord[] = [];
  const said = new Set<string>();
  const reads = new Map<string, Map<string, number>>();
  const announced = new Map<string, number>();
  const moves = new Map<string, string>();
  const ledgers = new Map<string, Map<string, Coverage>>();
  const nextVersion = (): string => String((etag += 1));
  const mark = (partition: string): unknown => markers.set(partition, { version: nextVersion(), markedAt: now() });
  const put = (partition: string, entry: OutboxEntry): void => {
    const rows = entries.get(partition) ?? new Map<string, OutboxEntry>();
    entries.set(partition, rows.has(entry.key) ? rows : rows.set(entry.key, entry));
  };
  const keyOf = (finding: Finding): string => `${placeOf(finding).key}/${finding.rule}`;
  const inPartition = (partition: string): StoredFinding[] =>
    [...findings.values()].filter(({ finding }) => placeOf(finding).partition === partition);

  const store: MemoryStore = {
    conflictsAhead: 0,
    commits: { attempted: 0, written: 0 },
    all: () => [...findings.values()].map(({ finding }) => finding),
    appended: () => [...transitions.values()],
    unsent: () => [...entries].flatMap(([partition, rows]) => [...rows.keys()].map((key) => `${partition} ${key}`)),
    findings: {
      read: (subscriptionId, accountKeys) =>
        Promise.resolve(
          inPartition(subscriptionId).filter(({ finding }) => accountKeys.includes(placeOf(finding).key)),
        ),
      readAll: (partition) => Promise.resolve(inPartition(partition)),
      commit: async (partition, commits) => {
        store.commits.attempted += 1;
        if (commits.some(({ transition }) => transition !== null)) mark(partition);
        for (let start = 0; start < commits.length; start += transactionSize) {
          await Promise.resolve();
          onTransaction();
          const part = commits.slice(start, start + transactionSize);
          const stale = part.some(
            ({ finding, version }) => (findings.get(keyOf(finding))?.version ?? null) !== version,
          );
          if (stale || store.conflictsAhead > 0) {
            store.conflictsAhead = Math.max(0, store.conflictsAhead - 1);
            throw new FindingConflict('Somebody else was first', start);
          }
          for (const { finding, transition, effects } of part) {
            findings.set(keyOf(finding), { finding, version: nextVersion() });
            store.commits.written += 1;
            if (transition === null) continue;
            put(partition, { key: `${keyOf(finding)}#${String(transition.number)}`, transition, effects });
          }
        }
      },
      ofAccounts: () => each(store.all().filter(({ account }) => account !== null)),
      list: (...states) => each(store.all().filter(({ state }) => states.length === 0 || states.includes(state))),
      page: (after, most) => {
        const all = [...findings].map(([position, stored]) => ({ ...stored, position }));
        const rest = all
          .sort((a, b) => (a.position < b.position ? -1 : 1))
          .filter((one) => one.position > (after ?? ''));
        return Promise.resolve({ findings: rest.slice(0, most), isLast: rest.length <= most });
      },
      find: (findingId) =>
        Promise.resolve(
          [...findings.values()].filter(({ finding }) => finding.id.toLowerCase() === findingId.toLowerCase()),
        ),
    },
    outbox: {
      partitions: () => Promise.resolve([...markers].map(([partition, marker]) => ({ partition, ...marker }))),
      entries: (partition) => each([...(entries.get(partition)?.values() ?? [])]),
      remove: (partition, key) => {
        entries.get(partition)?.delete(key);
        return Promise.resolve();
      },
      unmark: (partition, version) => {
        if (markers.get(partition)?.version === version) markers.delete(partition);
        return Promise.resolve();
      },
      add: (key, effects) => {
        mark(noSubscription);
        put(noSubscription, { key, transition: null, effects });
        return Promise.resolve();
      },
    },
    history: {
      append: (transition) => {
        const key = `${transition.key}/${transition.rule}#${String(transition.number)}`;
        if (!transitions.has(key)) transitions.set(key, transition);
        return Promise.resolve();
      },
      of: (key) => Promise.resolve(store.appended().filter((transition) => transition.key === key)),
    },
    jobs: {
      insert: (job) => {
        if (!jobs.has(job.jobId)) {
          const state = job.approvalRequired ? 'awaiting-approval' : 'queued';
          jobs.set(job.jobId, { job, state, report: null, version: nextVersion() });
        }
        return Promise.resolve();
      },
      find: (jobId) => Promise.resolve(jobs.get(jobId) ?? null),
      move: ({ job, version, progress: before = null }, state, report, progress = before) => {
        if (jobs.get(job.jobId)?.version !== version) return Promise.resolve(null);
        const moved: StoredJob = { job, state, report, progress, version: nextVersion() };
        jobs.set(job.jobId, moved);
        return Promise.resolve(moved);
      },
      malformed: () => Promise.resolve([]),
      list: (wanted) => each([...jobs.values()].filter(({ state }) => wanted === undefined || state === wanted)),
    },
    tasks: {
      insert: (task) => {
        const key = [task.place, task.topic, task.createdAt].join('~');
        if (!tasks.has(key)) tasks.set(key, task);
        return Promise.resolve();
      },
      find: (place, topic) => {
        const own = [...tasks.values()].filter((task) => task.place === place && task.topic === topic);
        return Promise.resolve(own.sort((a, b) => a.createdAt - b.createdAt).at(-1) ?? null);
      },
      list: () => each([...tasks.values()]),
    },
    runs: {
      start: (run, shards) => {
        if (!runs.has(run.id)) runs.set(run.id, { run, shards, tallies: new Map() });
        return Promise.resolve();
      },
      find: (runId) => Promise.resolve(runs.get(runId)?.run ?? null),
      latest: (count) =>
        Promise.resolve(
          [...runs.values()]
            .map(({ run }) => run)
            .reverse()
            .slice(0, count),
        ),
      shard: (runId, number) => {
        const shard = runs.get(runId)?.shards[number];
        return Promise.resolve(
          shard === undefined ? null : { shard, tally: runs.get(runId)?.tallies.get(number) ?? null },
        );
      },
      finishShard: (runId, number, tally) => {
        const tallies = runs.get(runId)?.tallies;
        if (tallies?.has(number) === false) tallies.set(number, tally);
        return Promise.resolve();
      },
      shards: (runId) =>
        Promise.resolve(
          (runs.get(runId)?.shards ?? []).map((shard) => ({
            shard,
            tally: runs.get(runId)?.tallies.get(shard.number) ?? null,
          })),
        ),
      finish: (finished) => {
        const stored = runs.get(finished.id);
        if (stored?.run.finishedAt !== null) return Promise.resolve(false);
        stored.run = finished;
        return Promise.resolve(true);
      },
      baselined: () => Promise.resolve(new Set(baselined)),
      markBaselined: (subscriptionIds) => {
        for (const subscriptionId of subscriptionIds) baselined.add(subscriptionId);
        return Promise.resolve();
      },
      keepCoverage: (runId, kept) => {
        const ledger = ledgers.get(runId) ?? new Map<string, Coverage>();
        for (const entry of kept) ledger.set(`${entry.collection}~${entry.place}`, entry);
        ledgers.set(runId, ledger);
        return Promise.resolve();
      },
      coverage: (runId) => Promise.resolve([...(ledgers.get(runId)?.values() ?? [])]),
    },
    formerKeys: {
      of: (accountKey) =>
        Promise.resolve([...moves].flatMap(([former, key]) => (key === accountKey ? [former] : [])).sort()),
      movedTo: (accountKey) => Promise.resolve(moves.get(accountKey) ?? null),
      record: (accountKey, formerKey) => {
        const isNew = moves.get(formerKey) !== accountKey;
        moves.set(formerKey, accountKey);
        return Promise.resolve(isNew);
      },
    },
    waivers: {
      all: () => Promise.resolve([...waivers.values()]),
      malformed: () => Promise.resolve([]),
      find: (id) => Promise.resolve(waivers.get(id) ?? null),
      insert: (waiver) => {
        if (waivers.has(waiver.id)) return Promise.resolve(false);
        waivers.set(waiver.id, { waiver, version: nextVersion() });
        return Promise.resolve(true);
      },
      replace: (waiver, version) => {
        if (waivers.get(waiver.id)?.version !== version) return Promise.resolve(false);
        waivers.set(waiver.id, { waiver, version: nextVersion() });
        return Promise.resolve(true);
      },
    },
    sweeps: {
      record: (sweep) => Promise.resolve(void sweeps.unshift(sweep)),
      latest: (count) => Promise.resolve(sweeps.slice(0, count)),
      has: (key) => Promise.resolve(said.has(key)),
      under: (words) => Promise.resolve(new Set([...said].filter((key) => key.startsWith(`${words}~`)))),
      mark: (key) => Promise.resolve(void said.add(key)),
      forget: (key) => Promise.resolve(void said.delete(key)),
    },
    accountReads: {
      of: (subscriptionId) => Promise.resolve(new Map(reads.get(subscriptionId))),
      last: (subscriptionId, accountKey) => Promise.resolve(reads.get(subscriptionId)?.get(accountKey) ?? null),
      record: (subscriptionId, accountKey, readAt) => {
        const known = reads.get(subscriptionId) ?? new Map<string, number>();
        known.set(accountKey, Math.max(readAt, known.get(accountKey) ?? 0));
        reads.set(subscriptionId, known);
        return Promise.resolve();
      },
      announce: (_, accountKey, readAt) => {
        announced.set(accountKey, Math.max(readAt, announced.get(accountKey) ?? 0));
        return Promise.resolve();
      },
      announced: (_, accountKey) => Promise.resolve(announced.get(accountKey) ?? null),
    },
  };
  return store;
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}
