import { isBelievable } from '../model/believable.ts';
import type { AccountReads } from './ports.ts';

/** One reading of one account, among others that may be under way at the same time. */
export interface AccountReading {
  /** Tells that it is about to judge: an older one that ends later must not. To be called once all is read. */
  announce(): Promise<void>;
  /** Whether a younger one was announced. */
  isSuperseded(): Promise<boolean>;
  /**
   * Whether the youngest that was announced has judged the account since this one began: one that broke off, or is at it, may
   * judge nothing, and one that ended before is younger by its clock alone.
   */
  isJudgedByYounger(): Promise<boolean>;
}

/**
 * @param readAt when its facts were read, epoch milliseconds
 * @param judgedBefore the youngest reading that had judged the account when this one began
 */
export function accountReading(
  subscriptionId: string,
  accountKey: string,
  readAt: number,
  judgedBefore: number | null,
  { accountReads, now }: { readonly accountReads: AccountReads; readonly now: () => number },
): AccountReading {
  const announced = async (): Promise<number | null> => {
    const youngest = await accountReads.announced(subscriptionId, accountKey);
    return youngest !== null && youngest > readAt && isBelievable(youngest, now()) ? youngest : null;
  };
  return {
    announce: () => accountReads.announce(subscriptionId, accountKey, readAt),
    isSuperseded: async () => (await announced()) !== null,
    async isJudgedByYounger() {
      const [youngest, judged] = [await announced(), await accountReads.last(subscriptionId, accountKey)];
      if (youngest === null || judged === null || (judgedBefore ?? 0) >= youngest) return false;
      return judged >= youngest && isBelievable(judged, now());
    },
  };
}
