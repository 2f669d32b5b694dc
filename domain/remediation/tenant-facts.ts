import type { Collection } from '../model/collection.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { FormerApps } from './former-apps.ts';

/** What plans about the tenant rest on beside the directory, read when it is asked for. */
export interface TenantFacts {
  /** Every storage account that the caller sees. */
  storageAccounts(): Promise<Collection<StorageAccount>>;
  /** From the recorded changes of all accounts, those that are gone too. */
  formerApps(): Promise<FormerApps>;
  /**
   * Which of these apps were deleted so lately (30 days) that they can be restored with their appId, lower case; null where
   * that was not read.
   * @param appIds lower case
   */
  restorable(appIds: readonly string[]): Promise<ReadonlySet<string> | null>;
}
