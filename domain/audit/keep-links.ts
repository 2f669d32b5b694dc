import { isBelievable } from '../model/believable.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Directory } from '../rules/directory.ts';
import { linkOf, listIn, sameLink } from './account-link.ts';
import type { AccountLinks, WatchMarks } from './watch-ports.ts';
import { deltaLists } from './watched-lists.ts';

export interface KeepLinksPorts {
  readonly accountLinks: AccountLinks;
  readonly watchMarks: WatchMarks;
}

/**
 * Keeps which objects of the directory these accounts of one subscription rest on, for the directory watch. Writes what
 * has changed and nothing else; a link of younger facts stands. To be called as soon as they are read: a grant that is
 * removed gives its id and nothing else, so that one which is not kept yet leads nowhere. Links that lack a list leave a mark,
 * for the watch to have them made again when the list can be read.
 * @param time when the accounts and the directory were read, and what time it is now, epoch milliseconds.
 * @returns keys of the accounts to which the watch would have led elsewhere, or nowhere, until now
 */
export async function keepLinks(
  subscriptionId: string,
  accounts: readonly StorageAccount[],
  directory: Directory,
  { readAt, now }: { readonly readAt: number; readonly now: number },
  { accountLinks, watchMarks }: KeepLinksPorts,
): Promise<ReadonlySet<string>> {
  if (accounts.length === 0) return new Set();
  const stored = await accountLinks.of(
    subscriptionId,
    accounts.map(({ key }) => key),
  );
  const changed = accounts.flatMap((account) => {
    const before = stored.get(account.key) ?? null;
    const believed = before !== null && isBelievable(before.readAt, now);
    if (believed && before.readAt > readAt) return [];
    const link = linkOf(account, directory, before, readAt);
    return link === null || (believed && sameLink(before, link)) ? [] : [link];
  });
  if (changed.length > 0) await accountLinks.save(subscriptionId, changed);
  // After the links, so that no look finds the mark without them. One that lacks what it lacked before was asked for then.
  for (const list of deltaLists) {
    const isHidden = listIn(directory, list).state === 'unavailable';
    if (isHidden || changed.some(({ unread }) => unread.includes(list))) {
      await watchMarks.set({ list, accountId: null, seen: null });
    }
  }
  return new Set(changed.map(({ accountKey }) => accountKey));
}
