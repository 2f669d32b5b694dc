import { type Coverage, type CollectionRead, type CoverageGap, missedRuns, wholeTenant } from '../model/coverage.ts';
import type { Settings } from '../model/settings.ts';
import { fitsPattern } from '../model/wildcard.ts';
import type { Reach, RunStore } from './ports.ts';
import type { Run } from './run.ts';

/** How many runs back the last finished one is looked for: others may be under way, or were given up. */
const runsBack = 30;

/** The newest run that was finished, of those that started earlier; null for none. */
export async function lastFinishedBefore(startedAt: number, runs: Pick<RunStore, 'latest'>): Promise<Run | null> {
  const latest = await runs.latest(runsBack);
  return latest.find((run) => run.finishedAt !== null && run.startedAt < startedAt) ?? null;
}

const notVisible: CoverageGap = { reason: 'not-visible', needs: 'Reader on the subscription' };

/**
 * The ledger of a run: what it read, when each was last read whole, and what the run before knew of that was asked for
 * again and has not been seen. What nobody asks for any more has left the ledger, and is not lost.
 * @param readAt when the facts of this run were read, epoch milliseconds.
 */
export function coverageLedger(
  reads: readonly CollectionRead[],
  before: readonly Coverage[],
  { settings, reach, readAt }: { readonly settings: Settings; readonly reach: Reach; readonly readAt: number },
): readonly Coverage[] {
  const kept = reads.filter(({ place }) => !isLeftOut(place, settings));
  const byName = new Map(kept.map((read) => [nameOf(read), read]));
  const asked = new Set(kept.map(({ collection }) => collection));
  const missed = before.flatMap((entry): CollectionRead[] => {
    const { collection, place } = entry;
    if (byName.has(nameOf(entry)) || !asked.has(collection) || isLeftOut(place, settings)) return [];
    const overall = byName.get(nameOf({ collection, place: wholeTenant }))?.gaps ?? [];
    if (!isAsked(place, reach, overall.length > 0)) return [];
    return [{ collection, place, rows: 0, pages: null, gaps: overall.length > 0 ? overall : [notVisible] }];
  });
  return withReadAt([...kept, ...missed], before, readAt);
}

/** The entries with the time at which each was last read whole, by this run or one before, and how many runs missed it since. */
export function withReadAt(
  reads: readonly CollectionRead[],
  before: readonly Coverage[],
  readAt: number,
): readonly Coverage[] {
  const earlier = new Map(before.map((entry) => [nameOf(entry), entry]));
  return reads.map((read) => {
    if (read.gaps.length === 0) return { ...read, readAt, missedRuns: 0 };
    const former = earlier.get(nameOf(read));
    return { ...read, readAt: former?.readAt ?? null, missedRuns: (former === undefined ? 0 : missedRuns(former)) + 1 };
  });
}

/**
 * Whether a subscription that the run has not seen was asked for: named, or whatever is seen; a source that cannot tell
 * what it saw proves no loss. One below a management
 * group has left the group where the group's subscriptions were listed whole.
 */
function isAsked(place: string, { scope, seen }: Reach, broken: boolean): boolean {
  if (seen === null) return false;
  if (scope.subscriptions.length === 0 && scope.managementGroups.length === 0) return true;
  return scope.subscriptions.includes(place) || (broken && scope.managementGroups.length > 0);
}

/** Whether settings leave a whole subscription out; an entry that names more than the subscription leaves out a part. */
function isLeftOut(place: string, { scope }: Settings): boolean {
  return (
    place !== wholeTenant &&
    scope.exclude.some(
      ({ subscription, resourceGroup, name, tag }) =>
        subscription !== undefined &&
        resourceGroup === undefined &&
        name === undefined &&
        tag === undefined &&
        fitsPattern(subscription, place),
    )
  );
}

function nameOf({ collection, place }: Pick<Coverage, 'collection' | 'place'>): string {
  return `${place}:${collection}`;
}
