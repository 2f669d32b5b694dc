import { storedAccounts } from '../domain/audit/stored-accounts.ts';
import { nearest } from '../infra/nearest.ts';
import type { Store } from '../infra/store.ts';
import { UsageError } from './exit-code.ts';

/** An account that the store knows. */
export interface NamedAccount {
  /** ARM id as it came. */
  readonly id: string;
  /** ARM id in lower case. */
  readonly key: string;
  /** Lower case. */
  readonly name: string;
}

/**
 * The account that was typed, by name or ARM id. One that was moved is where it is now.
 * @throws UsageError where nothing was typed, where the store knows none, with the nearest, and where several have the name
 */
export async function findAccount(
  typed: string,
  store: Pick<Store, 'findings' | 'accountLinks' | 'formerKeys'>,
): Promise<NamedAccount> {
  const asked = typed.trim().toLowerCase().replace(/\/+$/u, '');
  if (asked === '') throw new UsageError('Which account? Give its name or its ARM id.');
  const known = new Map<string, NamedAccount>();
  for await (const { id, key, name } of storedAccounts(store)) if (!known.has(key)) known.set(key, { id, key, name });
  const exact = known.get(asked);
  if (exact !== undefined) return exact;
  const named = [...known.values()].filter(({ name }) => name === asked);
  const present = named.length < 2 ? named : await withoutMoved(named, store);
  const [first, second] = present;
  if (first === undefined) throw new UsageError(unknown(typed, asked, known));
  if (second === undefined) return first;
  const each = present.map(({ id }) => `  ${id}`).sort();
  throw new UsageError(
    [`${String(present.length)} accounts are called ${typed}; give the ARM id:`, ...each].join('\n'),
  );
}

/** What was moved counts where it is now; its history goes on from there. */
async function withoutMoved(
  accounts: readonly NamedAccount[],
  { formerKeys }: Pick<Store, 'formerKeys'>,
): Promise<readonly NamedAccount[]> {
  const movedTo = await Promise.all(accounts.map(({ key }) => formerKeys.movedTo(key)));
  const present = accounts.filter((_, index) => !accounts.some(({ key }) => key === movedTo[index]));
  return present.length === 0 ? accounts : present;
}

function unknown(typed: string, asked: string, known: ReadonlyMap<string, NamedAccount>): string {
  if (known.size === 0) return `There is no account ${typed}: the store knows none yet.`;
  const names = asked.startsWith('/') ? known.keys() : [...known.values()].map(({ name }) => name);
  const meant = nearest(asked, names);
  const hint = meant === null ? `It knows ${String(known.size)} others.` : `Did you mean ${meant}?`;
  return `The store knows no account ${typed}. ${hint}`;
}
