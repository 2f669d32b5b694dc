import type { AccountMatch } from './settings.ts';
import type { StorageAccount } from './storage-account.ts';
import { fitsPattern } from './wildcard.ts';

/** Whether all that `match` names holds for the account; an empty match selects every account. */
export function matchesAccount(match: AccountMatch, account: StorageAccount): boolean {
  return (
    fits(match.subscription, account.subscriptionId) &&
    fits(match.resourceGroup, account.resourceGroup) &&
    fits(match.name, account.name) &&
    Object.entries(match.tag ?? {}).every(([name, pattern]) => fits(pattern, tagOf(account, name)))
  );
}

function tagOf(account: StorageAccount, name: string): string | null {
  // Azure compares tag names without case, values as written; settings ignore case for both.
  const found = Object.entries(account.tags).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found?.[1] ?? null;
}

function fits(pattern: string | undefined, value: string | null): boolean {
  if (pattern === undefined) return true;
  if (value === null) return false;
  return fitsPattern(pattern, value);
}
