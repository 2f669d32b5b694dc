import type { Gap } from '../model/collection.ts';
import type { Settings } from '../model/settings.ts';
import type { Digest } from '../remediation/job.ts';
import { comparePolicies } from './compare-policies.ts';
import { type Kept, nextPosition } from './next-position.ts';
import type { Messages } from './ports.ts';
import { queueAccounts } from './queue-account.ts';
import { changedObjects, isNothing, touchedByObjects } from './touched-by-objects.ts';
import {
  type AccountLinks,
  type DeltaReading,
  type DirectoryDeltas,
  deltaLists,
  type WatchedList,
  type WatchStore,
} from './watch-ports.ts';

export interface WatchDirectoryPorts {
  readonly deltas: DirectoryDeltas;
  readonly watch: WatchStore;
  readonly accountLinks: AccountLinks;
  readonly messages: Messages;
  readonly now: () => number;
  readonly digest: Digest;
}

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
 * A list read from its start says that anything may have changed, so every account with an app is queued once.
 */
export async function watchDirectory(settings: Settings, ports: WatchDirectoryPorts): Promise<WatchCycle> {
  const stored = await ports.watch.read();
  const [policies, ...deltas] = await Promise.all([
    ports.deltas.policies(),
    ...deltaLists.map(async (list) => ({
      list,
      reading: await ports.deltas.changes(list, stored.get(list)?.position ?? null),
    })),
  ]);
  const compared =
    policies.state === 'read'
      ? await comparePolicies(policies.policies, stored.get('conditional-access-policies')?.position ?? null, ports)
      : policies;

  const news = deltas.flatMap(({ list, reading }) =>
    reading.state === 'read' ? reading.changes.map((change) => ({ list, change })) : [],
  );
  const startedOver: readonly WatchedList[] = [
    ...deltas.flatMap(({ list, reading }) => (reading.state === 'read' && reading.whole ? [list] : [])),
    ...(compared.state === 'read' && compared.before === null ? (['conditional-access-policies'] as const) : []),
  ];
  const touches = compared.state === 'read' ? compared.touches : [];
  const counted = news.filter(({ list }) => !startedOver.includes(list)).length;
  const turns = [...stored.values()].reduce((sum, { turn }) => sum + turn, 0);
  const id = ports
    .digest(JSON.stringify([turns, news, compared.state === 'read' ? compared.position : null]))
    .slice(0, 24);

  const accountIds = await touched();
  if (accountIds.length > 0)
    await queueAccounts(
      accountIds.map((accountId) => ({
        eventId: id,
        accountId,
        actor: { kind: 'unknown', objectId: null },
        causeKind: 'watch',
      })),
      settings,
      ports,
    );
  const policiesChanged = compared.state === 'read' && compared.position !== compared.before;
  if (policiesChanged) await ports.watch.savePolicies(compared.changed, compared.goneIds);
  const now = ports.now();
  for (const { list, reading } of deltas) await keep(list, reading, reading.state === 'read' && isNews(reading));
  await keep('conditional-access-policies', compared, policiesChanged);
  return {
    id,
    changes: counted + touches.length,
    startedOver,
    accountIds,
    gaps: [compared, ...deltas.map(({ reading }) => reading)].flatMap((reading) =>
      reading.state === 'unreadable' ? [reading.gap] : [],
    ),
  };

  /** Reads the links only where something may touch one. */
  async function touched(): Promise<readonly string[]> {
    const objects = changedObjects(news);
    const anything = startedOver.length > 0;
    if (!anything && isNothing(objects) && touches.length === 0) return [];
    const found: string[] = [];
    for await (const link of ports.accountLinks.all()) {
      const hit =
        (anything && link.apps.length > 0) ||
        touchedByObjects(link, objects, ports.deltas.tenantId) ||
        link.apps.some(({ appId }) => touches.some((touchesApp) => touchesApp(appId)));
      if (hit) found.push(link.accountId);
    }
    return found.sort();
  }

  async function keep(list: WatchedList, reading: Kept, changed: boolean): Promise<void> {
    const before = stored.get(list);
    const next = nextPosition(before, reading, changed, now);
    if (next !== null) await ports.watch.save(list, next);
  }
}

function isNews({ changes, whole }: Extract<DeltaReading, { state: 'read' }>): boolean {
  return whole || changes.length > 0;
}
