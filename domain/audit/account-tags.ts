import { itemsOf } from '../model/collection.ts';
import type { TagsOf } from '../findings/waiver.ts';
import type { RunCollections, RunStore } from './ports.ts';

/** Runs looked at for one whose accounts are still kept. */
const runsBack = 3;

/** Tags of accounts as the latest run read them; nobody's where no run has kept its accounts. */
export async function accountTags({
  runs,
  collections,
}: {
  readonly runs: Pick<RunStore, 'latest'>;
  readonly collections: Pick<RunCollections, 'storageAccounts'>;
}): Promise<TagsOf> {
  for (const { id } of await runs.latest(runsBack)) {
    const accounts = await collections.storageAccounts(id).catch(() => null);
    if (accounts === null) continue;
    const tags = new Map(itemsOf(accounts).map((account) => [account.key, account.tags]));
    return (accountKey) => tags.get(accountKey) ?? null;
  }
  return () => null;
}
