import type { FindingAbout } from './finding.ts';

/** The partition of what belongs to no subscription; no subscription id looks like this. */
export const noSubscription = '-';

/** Where a finding is kept. With its rule it is the finding's identity, in the store and in history. */
export interface FindingPlace {
  /** Subscription id, or `-` for a finding about the tenant: what is committed together. */
  readonly partition: string;
  /** Account id in lower case, or `-/` and the subject. */
  readonly key: string;
}

export function placeOf({ account, subject }: FindingAbout): FindingPlace {
  return account === null
    ? { partition: noSubscription, key: `${noSubscription}/${subject}` }
    : { partition: account.subscriptionId, key: account.key };
}
