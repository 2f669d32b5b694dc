import type { DirectoryChange } from '../../../domain/audit/watch-ports.ts';
import type { DeltaList } from '../../../domain/audit/watched-lists.ts';
import type { DirectoryFacts } from '../../../domain/model/facts.ts';
import type { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';
import { directoryFactsOf } from './facts-of.ts';
import type { LiveTenant } from './live.ts';

/** The directory as it is read: what is written shows only after a while, in lists and deltas alike. */
export interface PublishedDirectory {
  facts(): DirectoryFacts;
  /** The objects as who asks for one of them by its id is told of it: some time after each write. */
  objects(): LiveTenant;
  /** Changes of a list since a position; positions count from 0. */
  changesSince(list: DeltaList, position: number): readonly DirectoryChange[];
  position(list: DeltaList): number;
  /** Says that something was written; it shows soon. */
  touch(...changes: readonly Touched[]): void;
  /** Called when what was written shows. */
  onPublished(listener: () => void): void;
}

export interface Touched {
  /** `policies` has no delta. */
  readonly list: DeltaList | 'policies';
  readonly change: DirectoryChange | null;
}

/** Shorter than the debounce of what a write has to wait for, as the service mostly is. */
const longestLag = 45_000;

export function createPublishedDirectory(
  live: LiveTenant,
  {
    timeline,
    random,
    longestReadLag,
  }: { readonly timeline: Timeline; readonly random: Random; readonly longestReadLag: number },
): PublishedDirectory {
  const logs: Record<DeltaList, DirectoryChange[]> = {
    applications: [],
    'service-principals': [],
    'oauth2-permission-grants': [],
  };
  const listeners: (() => void)[] = [];
  let shown = directoryFactsOf(live);
  let showsAt = 0;
  let objects = longestReadLag === 0 ? live : copyOf(live);
  let objectsShowAt = 0;

  return {
    facts: () => shown,
    objects: () => objects,
    changesSince: (list, position) => logs[list].slice(position),
    position: (list) => logs[list].length,
    onPublished: (listener) => void listeners.push(listener),
    touch(...changes) {
      const written = directoryFactsOf(live);
      // What was written later never shows earlier.
      showsAt = Math.max(showsAt, timeline.now() + random.between(0, longestLag));
      timeline.at(showsAt, () => {
        shown = written;
        for (const { list, change } of changes) if (list !== 'policies' && change !== null) logs[list].push(change);
        for (const listener of listeners) listener();
      });
      if (longestReadLag === 0) return;
      const copied = copyOf(live);
      objectsShowAt = Math.max(objectsShowAt, timeline.now() + random.between(0, longestReadLag));
      timeline.at(objectsShowAt, () => {
        objects = copied;
      });
    },
  };
}

function copyOf(live: LiveTenant): LiveTenant {
  const accounts = live.accounts.map((account) => ({ ...account, app: account.app && { ...account.app } }));
  return { ...live, accounts, policy: { ...live.policy } };
}
