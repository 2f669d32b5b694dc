import type { FindingStore, FormerKeys } from './ports.ts';
import { storedAccounts } from './stored-accounts.ts';
import type { AccountLinks } from './watch-ports.ts';

/** An account that the store knows. */
export interface NamedAccount {
  /** ARM id as it came. */
  readonly id: string;
  /** ARM id in lower case. */
  readonly key: string;
  /** Lower case. */
  readonly name: string;
}

export interface NamedAccountsPorts {
  readonly findings: FindingStore;
  readonly accountLinks: Pick<AccountLinks, 'all' | 'removed'>;
  readonly formerKeys: Pick<FormerKeys, 'movedTo'>;
}

/**
 * The accounts that a text may mean, by name or ARM id, case ignored; one that was moved is where it is now.
 * @returns those meant, and all that the store knows, by key.
 */
export async function namedAccounts(
  typed: string,
  store: NamedAccountsPorts,
): Promise<{ readonly meant: readonly NamedAccount[]; readonly known: ReadonlyMap<string, NamedAccount> }> {
  const asked = typed.trim().toLowerCase().replace(/\/+$/u, '');
  const known = new Map<string, NamedAccount>();
  for await (const { id, key, name } of storedAccounts(store)) if (!known.has(key)) known.set(key, { id, key, name });
  const exact = known.get(asked);
  if (exact !== undefined) return { meant: [exact], known };
  const named = [...known.values()].filter(({ name }) => name === asked);
  return { meant: named.length < 2 ? named : await withoutMoved(named, store), known };
}

/** What was moved counts where it is now; its history goes on from there. */
async function withoutMoved(
  accounts: readonly NamedAccount[],
  { formerKeys }: Pick<NamedAccountsPorts, 'formerKeys'>,
): Promise<readonly NamedAccount[]> {
  const movedTo = await Promise.all(accounts.map(({ key }) => formerKeys.movedTo(key)));
  const present = accounts.filter((_, index) => !accounts.some(({ key }) => key === movedTo[index]));
  return present.length === 0 ? accounts : present;
}
