import {
  type Collection,
  type CollectionName,
  collected,
  type Gap,
  unavailable,
} from '../../../domain/model/collection.ts';
import type { WireObject } from '../../estate-source.ts';
import { gap, type Reading } from '../failure.ts';
import { readAllRows, type RowsReader } from './read-all-rows.ts';
import type { VisibleSubscriptions } from './visible-subscriptions.ts';

/** How many subscriptions one query is asked of (domain facts 1.6). */
const batchSize = 300;

/** The rows of a query in all visible subscriptions, and a gap for each subscription not read whole. */
export async function readResources(
  reader: RowsReader,
  collection: CollectionName,
  query: string,
  needs: string,
  visible: VisibleSubscriptions,
): Promise<Collection<WireObject>> {
  const batches: (readonly string[])[] = [];
  for (let at = 0; at < visible.ids.length; at += batchSize) batches.push(visible.ids.slice(at, at + batchSize));
  const readings = await Promise.all(
    batches.map((subscriptions) => readAllRows(reader, { query, subscriptions, needs })),
  );
  const items = readings.flatMap((reading) => reading.items);
  const gaps = [
    ...visible.gaps.map(({ scope, failure }) => gap(collection, scope, failure)),
    ...readings.flatMap((reading, index) => batchGaps(collection, batches[index] ?? [], reading)),
  ];
  // With every batch failed and no row, "partial" would claim that something was read; an empty scope, seen whole, is known.
  const nothing = gaps.length > 0 && items.length === 0 && readings.every(({ failure }) => failure !== null);
  return nothing ? unavailable(...gaps) : collected(items, gaps);
}

function batchGaps(collection: CollectionName, subscriptions: readonly string[], { failure }: Reading): readonly Gap[] {
  return failure === null ? [] : subscriptions.map((id) => gap(collection, `/subscriptions/${id}`, failure));
}
