import type { AccountLink } from '../../domain/audit/account-link.ts';
import type {
  AccountLinks,
  StoredMark,
  WatchedPolicy,
  WatchedPosition,
  WatchMarks,
  WatchStore,
} from '../../domain/audit/watch-ports.ts';
import type { WatchedList } from '../../domain/audit/watched-lists.ts';

/** Links in memory; every row that was written counts. */
export interface MemoryLinks extends AccountLinks {
  readonly written: () => number;
}

export function memoryLinks(): MemoryLinks {
  const links = new Map<string, AccountLink>();
  const removed = new Map<string, AccountLink>();
  let written = 0;
  return {
    written: () => written,
    of: (_subscriptionId, accountKeys) =>
      Promise.resolve(new Map([...links].filter(([accountKey]) => accountKeys.includes(accountKey)))),
    save: (_subscriptionId, saved) => {
      written += saved.length;
      for (const link of saved) links.set(link.accountKey, link);
      return Promise.resolve();
    },
    remove: (_subscriptionId, accountKey) => {
      const link = links.get(accountKey);
      if (link !== undefined) removed.set(accountKey, link);
      links.delete(accountKey);
      return Promise.resolve();
    },
    async *removed() {
      yield* await Promise.resolve([...removed.values()]);
    },
    async *all() {
      yield* await Promise.resolve([...links.values()]);
    },
  };
}

/** Positions and policies in memory; every call that writes is kept, in order. */
export interface MemoryWatch extends WatchStore {
  readonly writes: string[];
}

export function memoryWatch(): MemoryWatch {
  const positions = new Map<WatchedList, WatchedPosition>();
  const policies = new Map<string, WatchedPolicy>();
  const writes: string[] = [];
  return {
    writes,
    read: () => Promise.resolve(new Map(positions)),
    save: (list, position) => {
      writes.push(list);
      positions.set(list, position);
      return Promise.resolve();
    },
    policies: () => Promise.resolve([...policies.values()]),
    savePolicies: (changed, goneIds) => {
      writes.push('policies');
      for (const policy of changed) policies.set(policy.id, policy);
      for (const id of goneIds) policies.delete(id);
      return Promise.resolve();
    },
  };
}

/** Marks in memory. */
export function memoryMarks(): WatchMarks {
  const marks = new Map<string, StoredMark>();
  let sets = 0;
  return {
    set: (mark) => {
      sets += 1;
      marks.set(`${mark.list} ${String(mark.accountId)}`, { ...mark, version: String(sets) });
      return Promise.resolve();
    },
    all: () => Promise.resolve([...marks.values()]),
    remove: ({ list, accountId, version }) => {
      const key = `${list} ${String(accountId)}`;
      if (marks.get(key)?.version === version) marks.delete(key);
      return Promise.resolve();
    },
  };
}
