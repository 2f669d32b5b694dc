import type {
  ChangeHistory,
  ChangeLog,
  FactStore,
  RecordsReading,
  StoredAttribution,
  StoredFacts,
} from '../../domain/audit/drift-ports.ts';
import type { Expired, Removed } from '../../domain/audit/purge.ts';
import { attributedLater } from '../../domain/drift/attributed-later.ts';
import type { FactChange } from '../../domain/drift/fact-change.ts';

/** What is kept of changed facts, and what Azure and Entra say of who changed them, in memory. */
export interface MemoryDrift {
  readonly expired: Expired;
  /** What was asked to be removed, by kind; nothing is old here. */
  readonly purged: [keyof Expired, number][];
  readonly watched: FactStore;
  readonly changes: ChangeHistory;
  readonly changeLog: ChangeLog;
  /** How many rows of facts were written. */
  readonly written: { facts: number };
  /** The answer of both logs; what is older than asked for is left out. */
  log: RecordsReading;
  /** What the log was asked for. */
  readonly asked: (string | readonly string[])[];
  /** Every change in history, in order of arrival. */
  told(): readonly FactChange[];
  attributions(): readonly StoredAttribution[];
}

export function createMemoryDrift(): MemoryDrift {
  let etag = 0;
  const facts = new Map<string, StoredFacts>();
  const changes = new Map<string, FactChange>();
  const attributions = new Map<string, StoredAttribution>();
  const read = (since: number): Promise<RecordsReading> => {
    const { log } = drift;
    if (log.state === 'unreadable') return Promise.resolve(log);
    return Promise.resolve({ state: 'read', records: log.records.filter(({ at }) => at >= since) });
  };
  const nothingOf = (kind: keyof Expired, before: number): Promise<Removed> => {
    drift.purged.push([kind, before]);
    return Promise.resolve({ rows: 0, more: false });
  };
  const drift: MemoryDrift = {
    log: { state: 'read', records: [] },
    asked: [],
    purged: [],
    expired: {
      history: (before) => nothingOf('history', before),
      runs: (before) => nothingOf('runs', before),
      inbox: (before) => nothingOf('inbox', before),
      jobs: (before) => nothingOf('jobs', before),
      tasks: (before) => nothingOf('tasks', before),
      accounts: (before) => nothingOf('accounts', before),
      marks: (before) => nothingOf('marks', before),
      closedFindings: (before) => nothingOf('closedFindings', before),
    },
    written: { facts: 0 },
    told: () => [...changes.values()],
    attributions: () => [...attributions.values()],
    watched: {
      of: (_, keys) =>
        Promise.resolve(
          new Map(
            keys.flatMap((key) => {
              const stored = facts.get(key);
              return stored === undefined ? [] : [[key, stored] as const];
            }),
          ),
        ),
      save: (_, entries) => {
        const lost = entries.filter(({ accountKey, version }) => (facts.get(accountKey)?.version ?? null) !== version);
        for (const entry of entries) {
          if (lost.includes(entry)) continue;
          facts.set(entry.accountKey, { facts: entry.facts, version: String((etag += 1)) });
          drift.written.facts += 1;
        }
        return Promise.resolve(lost.map(({ accountKey }) => accountKey));
      },
    },
    changes: {
      append: (change) => {
        if (!changes.has(change.id)) changes.set(change.id, change);
        return Promise.resolve();
      },
      all: () => each(drift.told()),
      of: (key) => Promise.resolve(drift.told().filter((change) => change.key === key)),
      find: (_, changeId) => Promise.resolve(changes.get(changeId) ?? null),
      attribute: (attribution) => {
        if (!attributions.has(attribution.changeId)) attributions.set(attribution.changeId, attribution);
        return Promise.resolve();
      },
      attributedBetween: (after, until, most) => {
        const found = drift.attributions().flatMap((stored) => {
          const change = changes.get(stored.changeId);
          const later = change === undefined ? null : attributedLater(change, stored);
          return later !== null && later.attributedAt > after && later.attributedAt <= until ? [later] : [];
        });
        return Promise.resolve({ count: found.length, changes: found.slice(0, most) });
      },
      attributionsOf: (key) => Promise.resolve(drift.attributions().filter((stored) => stored.key === key)),
    },
    changeLog: {
      ofResource: (resourceId, since) => {
        drift.asked.push(resourceId);
        return read(since);
      },
      ofDirectory: (objectIds, since) => {
        drift.asked.push(objectIds);
        return read(since);
      },
    },
  };
  return drift;
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}
