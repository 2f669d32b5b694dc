import type { AccountMatch } from './settings.ts';
import type { StorageAccount } from './storage-account.ts';

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
  const parts = pattern.toLowerCase().split('*');
  return fitsParts(parts, value.toLowerCase());
}

/** Matches `parts` joined by wildcards against `value`, greedily from the left; no regular expression, so no escaping. */
function fitsParts(parts: readonly string[], value: string): boolean {
  const first = parts[0] ?? '';
  if (parts.length === 1) return value === first;
  const last = parts.at(-1) ?? '';
  if (!value.startsWith(first) || !value.endsWith(last) || value.length < first.length + last.length) return false;
  let at = first.length;
  const end = value.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
