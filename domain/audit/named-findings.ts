import { placeOf } from '../findings/place.ts';
import type { Finding } from '../findings/finding.ts';
import type { FindingStore, StoredFinding } from './ports.ts';

const armForm = /^(\/subscriptions\/([^/]+)\/.+\/storageaccounts\/[^/]+)\/([^/]+)$/u;

/**
 * The findings that a text may mean: `account/rule`, `-/rule/subject`, or the account's ARM id, `/` and the rule. An account
 * that is gone stands back for one of the same name that is there; several are left where accounts share a name.
 */
export async function namedFindings(
  typed: string,
  store: Pick<FindingStore, 'find' | 'read'>,
): Promise<readonly StoredFinding[]> {
  const found = await candidates(typed.trim(), store);
  const present = found.filter(({ finding }) => finding.state !== 'gone');
  return present.length > 0 ? present : found;
}

/** The store, in which the finding's id means this finding and no other of the same name. */
export function onlyThis(finding: Finding, store: FindingStore): FindingStore {
  const { key } = placeOf(finding);
  return {
    ...store,
    find: async (id) => (await store.find(id)).filter((stored) => placeOf(stored.finding).key === key),
  };
}

async function candidates(
  typed: string,
  store: Pick<FindingStore, 'find' | 'read'>,
): Promise<readonly StoredFinding[]> {
  const [, accountKey, subscriptionId, rule] = armForm.exec(typed.toLowerCase()) ?? [];
  if (accountKey === undefined || subscriptionId === undefined) return store.find(typed);
  return (await store.read(subscriptionId, [accountKey])).filter(({ finding }) => finding.rule === rule);
}
