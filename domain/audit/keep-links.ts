import type { StorageAccount } from '../model/storage-account.ts';
import type { Directory } from '../rules/directory.ts';
import { linkOf, sameLink } from './account-link.ts';
import type { AccountLinks } from './watch-ports.ts';

/**
 * Keeps which objects of the directory these accounts of one subscription rest on, for the directory watch. Writes what
 * has changed and nothing else; a link of younger facts stands.
 * @param readAt when the accounts and the directory were read, epoch milliseconds.
 */
export async function keepLinks(
  subscriptionId: string,
  accounts: readonly StorageAccount[],
  directory: Directory,
  readAt: number,
  links: AccountLinks,
): Promise<void> {
  if (accounts.length === 0) return;
  const stored = await links.of(
    subscriptionId,
    accounts.map(({ key }) => key),
  );
  const changed = accounts.flatMap((account) => {
    const before = stored.get(account.key) ?? null;
    if (before !== null && before.readAt > readAt) return [];
    const link = linkOf(account, directory, before, readAt);
    return link === null || (before !== null && sameLink(before, link)) ? [] : [link];
  });
  if (changed.length > 0) await links.save(subscriptionId, changed);
}
