import type { Gap } from '../model/collection.ts';
import type { Settings } from '../model/settings.ts';
import type { Digest } from '../remediation/job.ts';
import { type ChangeTime, changeTime, oldestChange } from './change-time.ts';
import { comparePolicies } from './compare-policies.ts';
import { type Kept, mayAskAgain, mayStartOver, nextPosition } from './next-position.ts';
import type { Messages } from './ports.ts';
import { queueAccounts } from './queue-account.ts';
import { changedObjects, isNothing, touchedByObjects } from './touched-by-objects.ts';
import type { AccountLinks, DeltaReading, DirectoryDeltas, LastLooks, WatchMarks, WatchStore } from './watch-ports.ts';
import { deltaLists, type WatchedList } from './watched-lists.ts';

export interface WatchDirectoryPorts {
  readonly deltas: DirectoryDeltas;
  readonly watch: WatchStore;
  readonly watchMarks: WatchMarks;
  readonly lastLooks: LastLooks;
  readonly accountLinks: AccountLinks;
  readonly messages: Messages;
  readonly now: () => number;
  readonly digest: Digest;
}

const policyList = 'conditional-access-policies' satisfies WatchedList;

/** One look at the directory. */
export interface WatchCycle {
  /** The same for a look that is repeated over the same changes from the same positions. */
  readonly id: string;
  /** Objects and policies that were added, changed or removed; those of a list read from its start are not counted. */
  readonly changes: number;
  /** Lists that were read from their start, because they were never read or their position had expired. */
  readonly startedOver: readonly WatchedList[];
  /** ARM ids of the accounts queued, sorted. */
  readonly accountIds: readonly string[];
  /** What could not be read: nothing is known of it, and its position stays where it was. */
  readonly gaps: readonly Gap[];
}

/**
 * Looks what has changed in the tenant's directory, works out which accounts that touches, and queues their audits.
 * Positions are saved when the accounts are queued: a crash before repeats the look, and the audits are the same messages.
 * A list read from its start says that anything may have changed, so every account with an app is queued once. So is what
 * audits have marked: accounts whose links lack a list that can be read now, and those judged by policies no look has seen.
 */
export async function watchDirectory(settings: Settings, ports: WatchDirectoryPorts): Promise<WatchCycle> {
  // Before the first request: what changes while the look is under way lies after it.
  const lookedAt = ports.now();
  const stored = await ports.watch.read();
  const marks = await ports.watchMarks.all();
  const [policies, ...deltas] = await Promise.all([
    ports.deltas.policies(),
    ...deltaLists.map(async (list) => ({
      list,
      reading: await ports.deltas.changes(
        list,
        stored.get(list)?.position ?? null,
        mayStartOver(stored.get(list), lookedAt),
      ),
    })),
  ]);
  const compared =
    policies.state === 'read'
      ? await comparePolicies(policies.policies, stored.get(policyList)?.position ?? null, ports)
      : policies;

  const news = deltas.flatMap(({ list, reading }) =>
    reading.state === 'read' ? reading.changes.map((change) => ({ list, change })) : [],
  );
  const startedOver: readonly WatchedList[] = [
    ...deltas.flatMap(({ list, reading }) => (reading.state === 'read' && reading.whole ? [list] : [])),
    ...(compared.state === 'read' && compared.before === null ? ([policyList] as const) : []),
  ];
  const touches = compared.state === 'read' ? compared.touches : [];
  const readable = new Set<WatchedList>([
    ...deltas.flatMap(({ list, reading }) => (reading.state === 'read' ? [list] : [])),
    ...(compared.state === 'read' ? ([policyList] as const) : []),
  ]);
  const heeded = marks.filter(({ list }) => readable.has(list) && mayAskAgain(stored.get(list), lookedAt));
  const lacked = deltaLists.filter((list) => heeded.some((mark) => mark.list === list));
  // Policies that say what the audit read have touched what they touch.
  const misjudged = heeded.filter(
    ({ list, seen }) => list === policyList && compared.state === 'read' && seen !== compared.says,
  );
  /** Lists that links lack. */
  const asked = new Set<WatchedList>();
  const counted = news.filter(({ list }) => !startedOver.includes(list)).length;
  const turns = [...stored.values()].reduce((sum, { turn }) => sum + turn, 0);
  const id = ports
    .digest(JSON.stringify([turns, news, compared.state === 'read' ? compared.position : null, heeded]))
    .slice(0, 24);

  const queued = await touched();
  if (queued.length > 0)
    await queueAccounts(
      queued.map((hint) => ({
        ...hint,
        eventId: id,
        actor: { kind: 'unknown', objectId: null },
        causeKind: 'watch',
      })),
      settings,
      ports,
    );
  const policiesChanged =
    compared.state === 'read' &&
    (compared.position !== compared.before || compared.says !== (stored.get(policyList)?.says ?? null));
  if (policiesChanged) await ports.watch.savePolicies(compared.changed, compared.goneIds);
  for (const { list, reading } of deltas) {
    const askedAgain = asked.has(list);
    await keep(
      list,
      reading.state === 'read' ? { ...reading, askedAgain } : reading,
      askedAgain || (reading.state === 'read' && isNews(reading)),
    );
  }
  const judgedAgain = misjudged.length > 0;
  await keep(
    policyList,
    compared.state === 'read' ? { ...compared, askedAgain: judgedAgain } : compared,
    judgedAgain || policiesChanged,
  );
  for (const mark of heeded) await ports.watchMarks.remove(mark);
  return {
    id,
    changes: counted + touches.length,
    startedOver,
    accountIds: queued.map(({ accountId }) => accountId),
    gaps: [compared, ...deltas.map(({ reading }) => reading)].flatMap((reading) =>
      reading.state === 'unreadable' ? [reading.gap] : [],
    ),
  };

  /** Reads the links only where something may touch one. */
  async function touched(): Promise<readonly { readonly accountId: string; readonly change: ChangeTime | null }[]> {
    const objects = changedObjects(news);
    const anything = startedOver.length > 0;
    const marked = lacked.length + misjudged.length;
    if (!anything && isNothing(objects) && touches.length + marked === 0) return [];
    const now = ports.now();
    const ofDelta = oldestChange(
      deltaLists
        .filter((list) => news.some((one) => one.list === list))
        .map((list) => changeTime(null, boundOf(list), now)),
    );
    const ofAnything = oldestChange(startedOver.map((list) => changeTime(null, boundOf(list), now)));
    const found: { accountId: string; change: ChangeTime | null }[] = [];
    for await (const link of ports.accountLinks.all()) {
      const unread = lacked.filter((list) => link.unread.includes(list));
      for (const list of unread) asked.add(list);
      const isMisjudged = misjudged.some(({ accountId }) =>
        accountId === null ? link.apps.length > 0 : accountId.toLowerCase() === link.accountKey,
      );
      const times = [
        // When it changed nobody knows.
        ...(unread.length > 0 || isMisjudged ? [null] : []),
        ...(anything && link.apps.length > 0 ? [ofAnything] : []),
        ...(touchedByObjects(link, objects, ports.deltas.tenantId) ? [ofDelta] : []),
        ...touches
          .filter(({ touchesApp }) => link.apps.some(({ appId }) => touchesApp(appId)))
          .map(({ modifiedAt }) => changeTime(modifiedAt, boundOf(policyList), now)),
      ];
      if (times.length > 0) found.push({ accountId: link.accountId, change: oldestChange(times) });
    }
    return found.sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
  }

  /** When the list was last read as it stood before this look; null where it never was. */
  function boundOf(list: WatchedList): number | null {
    const before = stored.get(list);
    if (before === undefined || before.position === null) return null;
    return Math.max(before.savedAt, ports.lastLooks.get(list) ?? 0);
  }

  async function keep(list: WatchedList, reading: Kept, changed: boolean): Promise<void> {
    const before = stored.get(list);
    const next = nextPosition(before, reading, changed, lookedAt);
    if (next !== null) await ports.watch.save(list, next);
    if (reading.state === 'read') ports.lastLooks.set(list, lookedAt);
  }
}

function isNews({ changes, whole }: Extract<DeltaReading, { state: 'read' }>): boolean {
  return whole || changes.length > 0;
}
