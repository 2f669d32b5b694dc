import { isFaulty } from '../findings/lifecycle.ts';
import type { AccountLink } from './account-link.ts';
import type { FindingStore } from './ports.ts';
import type { AccountLinks } from './watch-ports.ts';

/** An account that the store knows of, once for each thing it knows. */
export interface StoredAccount {
  /** ARM id as it came. */
  readonly id: string;
  /** ARM id in lower case. */
  readonly key: string;
  /** Lower case. */
  readonly name: string;
  readonly subscriptionId: string;
  readonly host: string | null;
  /** When the facts were read that it rests on, epoch milliseconds. */
  readonly readAt: number;
  /** Id of the finding that tells of it; null for what the directory watch keeps or kept. */
  readonly findingId: string | null;
  /** Whether something is left to close, or to forget, once the account is gone. */
  readonly isOpen: boolean;
}

/** Every account with a finding, whatever its state, and every one that the directory watch follows or did; an account may come again. */
export async function* storedAccounts({
  findings,
  accountLinks,
}: {
  readonly findings: FindingStore;
  readonly accountLinks: Pick<AccountLinks, 'all' | 'removed'>;
}): AsyncGenerator<StoredAccount> {
  for await (const { id: findingId, state, account, factsReadAt: readAt } of findings.ofAccounts()) {
    if (account === null) continue;
    const { id, key, subscriptionId, host } = account;
    yield { id, key, name: nameIn(key), subscriptionId, host, readAt, findingId, isOpen: isFaulty(state) };
  }
  for await (const link of accountLinks.all()) yield linkedAccount(link, true);
  for await (const link of accountLinks.removed()) yield linkedAccount(link, false);
}

function linkedAccount({ accountId: id, accountKey: key, host, readAt }: AccountLink, isOpen: boolean): StoredAccount {
  const subscriptionId = /^\/subscriptions\/([^/]+)\//.exec(key)?.[1] ?? '';
  return { id, key, name: nameIn(key), subscriptionId, host, readAt, findingId: null, isOpen };
}

function nameIn(accountKey: string): string {
  return accountKey.slice(accountKey.lastIndexOf('/') + 1);
}
