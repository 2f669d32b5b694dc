import type { Gap } from '../model/collection.ts';
import { distinctGaps } from '../model/distinct-gaps.ts';

/** More gaps of one kind than this are told by their subscription, and then by the tenant: a stored row holds 1 MiB. */
const toldSingly = 50;

/**
 * Each gap once, and where one reason hides more than 50 accounts of a collection, one gap for each of their subscriptions,
 * or for the tenant. Coverage may look smaller by that, never larger.
 */
export function foldedGaps(gaps: Iterable<Gap>): readonly Gap[] {
  const alike = Map.groupBy(distinctGaps(gaps), ({ collection, reason, needs }) =>
    JSON.stringify([collection, reason, needs]),
  );
  return distinctGaps([...alike.values()].flatMap((kind) => narrowest(kind, [ownScope, subscriptionScope])));
}

/** In the first of the scopes that leaves few enough gaps; in the tenant's where none does. */
function narrowest(kind: readonly Gap[], scopes: readonly ((scope: string) => string)[]): readonly Gap[] {
  for (const widen of scopes) {
    const told = distinctGaps(kind.map((gap) => ({ ...gap, scope: widen(gap.scope) })));
    if (told.length <= toldSingly) return told;
  }
  return distinctGaps(kind.map((gap) => ({ ...gap, scope: 'tenant' })));
}

function ownScope(scope: string): string {
  return scope;
}

function subscriptionScope(scope: string): string {
  return /^\/subscriptions\/[^/]+/.exec(scope)?.[0] ?? scope;
}
