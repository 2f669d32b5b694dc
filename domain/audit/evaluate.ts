import type { FindingAccount } from '../findings/finding.ts';
import type { Observation } from '../findings/reduce.ts';
import { matchesAccount } from '../model/account-match.ts';
import type { Settings } from '../model/settings.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Directory } from '../rules/directory.ts';
import type { Resources } from '../rules/resources.ts';
import { evaluateAccount } from '../rules/index.ts';

/** What every switched-on rule says of one account, as observations for the reducer. */
export function observe(
  account: StorageAccount,
  directory: Directory,
  resources: Resources,
  settings: Settings,
  now: number,
): Observation[] {
  const about = { account: findingAccountOf(account), subject: null };
  return evaluateAccount({ account, directory, resources, settings, now }).map(({ rule, verdict }) => ({
    kind: 'verdict',
    rule: rule.id,
    about,
    verdict,
  }));
}

/** Whether settings leave the account in scope. */
export function inScope(account: StorageAccount, settings: Settings): boolean {
  return !settings.scope.exclude.some((match) => matchesAccount(match, account));
}

function findingAccountOf(account: StorageAccount): FindingAccount {
  const { id, key, name, subscriptionId, resourceGroup, location, host } = account;
  return { id, key, name, subscriptionId, resourceGroup, location, host };
}
