import type { StorageAccount } from '../model/storage-account.ts';
import type { Digest } from '../remediation/job.ts';
import type { Directory } from '../rules/directory.ts';
import type { Resources } from '../rules/resources.ts';
import { accountFacts, fileServiceFacts } from './account-facts.ts';
import { directoryFacts } from './directory-facts.ts';
import { roleFacts } from './role-facts.ts';
import { canonicalText, type FactValues, isUnread, type SeenFacts } from './fact-values.ts';

/** What is watched of an account on both planes, as this audit saw it. No secret and nobody's name is among it. */
export function watchedFacts(account: StorageAccount, directory: Directory, resources: Resources): SeenFacts {
  const parts = [
    accountFacts(account),
    fileServiceFacts(account, resources),
    roleFacts(account, directory, resources),
    directoryFacts(account, directory),
  ] as const;
  return {
    values: Object.assign({}, ...parts.map(({ values }) => values)) as FactValues,
    unread: parts.flatMap(({ unread }) => unread),
  };
}

/**
 * What is known after this audit: what was read, and for what could not be read its former value, marked so. A property
 * that was read and is not there any more is gone.
 */
export function rememberedFacts(former: FactValues, seen: SeenFacts): SeenFacts {
  const kept = Object.entries(former).filter(
    ([property]) => !(property in seen.values) && isUnread(property, seen.unread),
  );
  return {
    values: { ...Object.fromEntries(kept), ...seen.values },
    unread: [...new Set(seen.unread)].sort(),
  };
}

/** The same for the same facts, whatever order they came in. */
export function fingerprintOf(values: FactValues, digest: Digest): string {
  return digest(canonicalText(values));
}
