import type { HistoryEntries } from '../drift/timeline.ts';
import type { ChangeHistory } from './drift-ports.ts';
import type { History } from './ports.ts';

/**
 * All that history holds of an account, for `timelineOf`.
 * @param keys ARM ids in lower case: that of the account, and those it had before it was moved
 */
export async function historyEntries(
  keys: readonly string[],
  { history, changes }: { readonly history: Pick<History, 'of'>; readonly changes: ChangeHistory },
): Promise<HistoryEntries> {
  const each = await Promise.all(
    keys.map(async (key) => ({
      transitions: await history.of(key),
      changes: await changes.of(key),
      attributions: await changes.attributionsOf(key),
    })),
  );
  return {
    transitions: each.flatMap(({ transitions }) => transitions),
    changes: each.flatMap((entries) => entries.changes),
    attributions: each.flatMap(({ attributions }) => attributions),
  };
}
