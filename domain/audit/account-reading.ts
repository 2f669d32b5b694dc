import { isBelievable } from '../model/believable.ts';
import type { AccountReads } from './ports.ts';

/** One reading of one account, among others that may be under way at the same time. */
export interface AccountReading {
  /** Tells that it is about to judge: an older one that ends later must not. To be called once all is read. */
  announce(): Promise<void>;
  /** Whether a younger one was announced. */
  isSuperseded(): Promise<boolean>;
}

/** @param readAt when its facts were read, epoch milliseconds. */
export function accountReading(
  subscriptionId: string,
  accountKey: string,
  readAt: number,
  { accountReads, now }: { readonly accountReads: AccountReads; readonly now: () => number },
): AccountReading {
  return {
    announce: () => accountReads.announce(subscriptionId, accountKey, readAt),
    async isSuperseded() {
      const youngest = await accountReads.announced(subscriptionId, accountKey);
      return youngest !== null && youngest > readAt && isBelievable(youngest, now());
    },
  };
}
