import {
  type Collection,
  type CollectionName,
  collected,
  type Gap,
  unavailable,
} from '../../../domain/model/collection.ts';
import type { WireObject } from '../../estate-source.ts';
import { gap, type Reading } from '../failure.ts';
import { idOf } from '../wire-object.ts';
import { readAllRows, type RowsReader, type RowsRequest } from './read-all-rows.ts';
import type { VisibleSubscriptions } from './visible-subscriptions.ts';

/** How many subscriptions one query is asked of (domain facts 1.6). */
const batchSize = 300;

export interface ResourcesRequest extends Omit<RowsRequest, 'subscriptions'> {
  readonly collection: CollectionName;
}

/** The subscriptions in the portions in which they are asked for. */
export function batchesOf(subscriptions: readonly string[]): readonly (readonly string[])[] {
  const batches: (readonly string[])[] = [];
  for (let at = 0; at < subscriptions.length; at += batchSize) batches.push(subscriptions.slice(at, at + batchSize));
  return batches;
}

/**
 * The rows of a query in all visible subscriptions, and a gap for each subscription not read whole. What lies above the
 * subscriptions comes with each portion of them, and is kept once.
 */
export async function readResources(
  reader: RowsReader,
  { collection, ...request }: ResourcesRequest,
  visible: VisibleSubscriptions,
): Promise<Collection<WireObject>> {
  const batches = batchesOf(visible.ids);
  const readings = await Promise.all(
    batches.map((subscriptions) => readAllRows(reader, { ...request, subscriptions })),
  );
  const items = onePerId(readings);
  const gaps = [
    ...visible.gaps.map(({ scope, failure }) => gap(collection, scope, failure)),
    ...readings.flatMap((reading, index) => batchGaps(collection, batches[index] ?? [], reading)),
  ];
  // With every batch failed and no row, "partial" would claim that something was read; an empty scope, seen whole, is known.
  const nothing = gaps.length > 0 && items.length === 0 && readings.every(({ failure }) => failure !== null);
  return nothing ? unavailable(...gaps) : collected(items, gaps);
}

function onePerId(readings: readonly Reading[]): readonly WireObject[] {
  const [only, ...others] = readings;
  if (only !== undefined && others.length === 0) return only.items;
  const rows = readings.flatMap(({ items }) => items.map((row) => [idOf(row)?.toLowerCase(), row] as const));
  return [...new Map(rows).values()];
}

function batchGaps(collection: CollectionName, subscriptions: readonly string[], { failure }: Reading): readonly Gap[] {
  return failure === null ? [] : subscriptions.map((id) => gap(collection, `/subscriptions/${id}`, failure));
}
