import { type NamedAccount, namedAccounts, type NamedAccountsPorts } from '../domain/audit/named-accounts.ts';
import { nearest } from '../infra/nearest.ts';
import { UsageError } from './exit-code.ts';

/**
 * The account that was typed, by name or ARM id. One that was moved is where it is now.
 * @throws UsageError where nothing was typed, where the store knows none, with the nearest, and where several have the name
 */
export async function findAccount(typed: string, store: NamedAccountsPorts): Promise<NamedAccount> {
  if (/^[\s/]*$/u.test(typed)) throw new UsageError('Which account? Give its name or its ARM id.');
  const { meant, known } = await namedAccounts(typed, store);
  const [first, second] = meant;
  if (first === undefined) throw new UsageError(unknown(typed, known));
  if (second === undefined) return first;
  const each = meant.map(({ id }) => `  ${id}`).sort();
  throw new UsageError([`${String(meant.length)} accounts are called ${typed}; give the ARM id:`, ...each].join('\n'));
}

function unknown(typed: string, known: ReadonlyMap<string, NamedAccount>): string {
  if (known.size === 0) return `There is no account ${typed}: the store knows none yet.`;
  const asked = typed.trim().toLowerCase();
  const names = asked.startsWith('/') ? known.keys() : [...known.values()].map(({ name }) => name);
  const meant = nearest(asked, names);
  const hint = meant === null ? `It knows ${String(known.size)} others.` : `Did you mean ${meant}?`;
  return `The store knows no account ${typed}. ${hint}`;
}
