import type { FactChange } from '../drift/fact-change.ts';
import { appsProperty } from '../drift/fact-names.ts';

/** Keys of the accounts whose one storage app an app once was, sorted. @param appId any case */
export type FormerApps = (appId: string) => readonly string[];

/**
 * What recorded changes tell of apps that accounts had before (domain facts 2.1: enabling again makes a new appId). An app
 * that shared its account with another proves nothing: it may have been the impostor.
 */
export function formerAppsOf(changes: readonly FactChange[]): FormerApps {
  const accounts = new Map<string, Set<string>>();
  for (const { key, properties } of changes) {
    for (const { property, before } of properties) {
      if (property !== appsProperty || !Array.isArray(before)) continue;
      const [only, other] = before as readonly string[];
      if (only === undefined || other !== undefined) continue;
      const folded = only.toLowerCase();
      accounts.set(folded, (accounts.get(folded) ?? new Set()).add(key.toLowerCase()));
    }
  }
  return (appId) => [...(accounts.get(appId.toLowerCase()) ?? [])].sort();
}
