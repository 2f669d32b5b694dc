import { type CollectionName, collectionNames, type Gap, gapsOf, itemsOf } from '../model/collection.ts';
import { type CollectionRead, type CoverageGap, placeOfScope, wholeTenant } from '../model/coverage.ts';
import { collectionsOf } from '../model/facts.ts';
import type { CapturedEstate } from './ports.ts';

/** Collections that lie in subscriptions, and what of an object tells its own; '' where it lies in none. */
const placed: Partial<Record<CollectionName, (facts: CapturedEstate) => readonly string[]>> = {
  'storage-accounts': ({ storageAccounts }) => itemsOf(storageAccounts).map(({ key }) => key),
  'private-endpoints': ({ resources }) => itemsOf(resources.privateEndpoints).map(({ key }) => key),
  'role-assignments': ({ resources }) => itemsOf(resources.roleAssignments).map(({ id }) => id),
  // A definition is known by its GUID alone, wherever it was made: all are counted for the tenant.
  'role-definitions': ({ resources }) => itemsOf(resources.roleDefinitions).map(() => ''),
};

/**
 * What planning a run read, by collection and place: a list that lies in subscriptions has an entry for each of them, and
 * one for what lies in none. What nobody asked for has no entry.
 * @param wanted what was asked for, beside the storage accounts.
 */
export function collectionReads(
  captured: CapturedEstate,
  wanted: ReadonlySet<CollectionName>,
): readonly CollectionRead[] {
  const collections = collectionsOf(captured);
  const subscriptions = subscriptionsOf(captured);
  return collectionNames.flatMap((name) => {
    const collection = collections[name];
    if (collection === undefined || !(wanted.has(name) || name === 'storage-accounts')) return [];
    const pages = captured.reach.pages.get(name) ?? null;
    const ids = placed[name]?.(captured);
    return ids === undefined
      ? [readOf(name, wholeTenant, itemsOf(collection).length, pages, gapsOf(collection))]
      : inPlaces(name, ids, [wholeTenant, ...subscriptions], pages, gapsOf(collection));
  });
}

/** Entries of one collection; `gaps` of whatever scope become those of its place, each once. */
export function readOf(
  collection: CollectionName,
  place: string,
  rows: number,
  pages: number | null,
  gaps: readonly CoverageGap[],
): CollectionRead {
  return { collection, place, rows, pages, gaps: distinct(gaps) };
}

function inPlaces(
  name: CollectionName,
  ids: readonly string[],
  places: readonly string[],
  pages: number | null,
  gaps: readonly Gap[],
): readonly CollectionRead[] {
  const rows = new Map<string, number>();
  for (const id of ids) rows.set(placeOfScope(id), (rows.get(placeOfScope(id)) ?? 0) + 1);
  const hidden = Map.groupBy(gaps, ({ scope }) => placeOfScope(scope));
  return places.map((place) =>
    readOf(name, place, rows.get(place) ?? 0, place === wholeTenant ? pages : null, hidden.get(place) ?? []),
  );
}

/** Those that were seen, and those that a gap names; sorted. */
function subscriptionsOf(captured: CapturedEstate): readonly string[] {
  const { storageAccounts, resources, reach } = captured;
  const lists = [storageAccounts, resources.privateEndpoints, resources.roleAssignments, resources.roleDefinitions];
  const named = [
    ...(reach.seen ?? []),
    ...itemsOf(storageAccounts).map(({ subscriptionId }) => subscriptionId),
    ...lists.flatMap((list) => gapsOf(list).map(({ scope }) => placeOfScope(scope))),
  ];
  return [...new Set(named)].filter((place) => place !== wholeTenant).sort();
}

function distinct(gaps: readonly CoverageGap[]): readonly CoverageGap[] {
  const byText = new Map(gaps.map(({ reason, needs }) => [JSON.stringify([reason, needs]), { reason, needs }]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, gap]) => gap);
}
