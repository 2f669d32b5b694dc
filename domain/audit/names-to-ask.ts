import type { Collection } from '../model/collection.ts';
import type { Settings } from '../model/settings.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Directory } from '../rules/directory.ts';
import { enabledRules } from '../rules/index.ts';
import { orphanCandidates } from '../rules/orphan-candidates.ts';
import { storageAppNotOrphaned } from '../rules/storage-app-not-orphaned.ts';

/** So many names are asked about in a run; whether the others are taken nobody knows. */
const namesPerRun = 200;

/** The account names, lower case, of which a switched-on rule wants to know whether they are taken. */
export function namesToAsk(
  directory: Directory,
  storageAccounts: Collection<StorageAccount>,
  settings: Settings,
): readonly string[] {
  if (!enabledRules(settings).includes(storageAppNotOrphaned)) return [];
  return orphanCandidates(directory, storageAccounts).slice(0, namesPerRun);
}
