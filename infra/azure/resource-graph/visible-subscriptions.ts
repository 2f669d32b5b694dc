import { type Failure, failureOf, statusOf } from '../failure.ts';
import type { WireObject } from '../../estate-source.ts';
import { isWireObject } from '../wire-object.ts';
import { readAllRows, type RowsReader } from './read-all-rows.ts';
import { subscriptionsQuery } from './queries.ts';

/** What part of the tenant is looked at; both empty: all that the caller sees. Case does not matter. */
export interface Scope {
  readonly subscriptions: readonly string[];
  readonly managementGroups: readonly string[];
}

/** A part of the scope that cannot be read. `scope` as in a gap. */
export interface ScopeGap {
  readonly scope: string;
  readonly failure: Failure;
}

export interface VisibleSubscriptions {
  /** Lower case, sorted. */
  readonly ids: readonly string[];
  readonly gaps: readonly ScopeGap[];
}

/** Lists the subscriptions below a management group, whether or not the caller can read them. */
export type DescendantSubscriptions = (managementGroup: string) => Promise<readonly string[]>;

const needs = 'Reader on the subscription';
const notVisible: Failure = { reason: 'not-visible', needs };

/**
 * The subscriptions in scope that the caller sees, and a gap for each that it does not. Resource Graph leaves out what
 * may not be seen without a word, so a named subscription is looked for by name, and a named management group's
 * subscriptions are listed through ARM as well; where that list may not be read, that is a gap too.
 *
 * @throws SignInRefused and AbortError
 */
export async function visibleSubscriptions(
  reader: RowsReader,
  scope: Scope,
  descendants: DescendantSubscriptions,
): Promise<VisibleSubscriptions> {
  const { items, failure } = await readAllRows(reader, { query: subscriptionsQuery, subscriptions: null, needs });
  const groups = new Map(items.map((row) => [subscriptionIdOf(row), groupsOf(row)]));
  groups.delete('');
  const gaps: ScopeGap[] = failure === null ? [] : [{ scope: 'tenant', failure }];
  if (scope.subscriptions.length === 0 && scope.managementGroups.length === 0) {
    if (groups.size === 0 && failure === null) gaps.push({ scope: 'tenant', failure: notVisible });
    return { ids: [...groups.keys()].sort(), gaps };
  }

  const wanted = new Set(scope.subscriptions.map((id) => id.toLowerCase()));
  for (const group of scope.managementGroups) {
    for (const [id, above] of groups) if (above.has(group.toLowerCase())) wanted.add(id);
    try {
      for (const id of await descendants(group)) wanted.add(id.toLowerCase());
    } catch (error) {
      const listing = `Management Group Reader on ${group}`;
      const absent = statusOf(error) === 404;
      const unlisted: Failure = absent ? { reason: 'not-visible', needs: listing } : failureOf(error, listing);
      gaps.push({ scope: 'tenant', failure: unlisted });
    }
  }
  const unseen = [...wanted].filter((id) => !groups.has(id)).sort();
  // When the list of what is visible broke off, its own failure is the better reason.
  for (const id of unseen) gaps.push({ scope: `/subscriptions/${id}`, failure: failure ?? notVisible });
  return { ids: [...wanted].filter((id) => groups.has(id)).sort(), gaps };
}

function subscriptionIdOf(row: WireObject): string {
  const id = row['subscriptionId'];
  return typeof id === 'string' ? id.toLowerCase() : '';
}

/** Names of the management groups above the subscription, lower case. */
function groupsOf(row: WireObject): ReadonlySet<string> {
  const properties = row['properties'];
  const chain = isWireObject(properties) ? properties['managementGroupAncestorsChain'] : null;
  const links: readonly unknown[] = Array.isArray(chain) ? chain : [];
  return new Set(
    links.flatMap((link) =>
      isWireObject(link) && typeof link['name'] === 'string' ? [link['name'].toLowerCase()] : [],
    ),
  );
}
