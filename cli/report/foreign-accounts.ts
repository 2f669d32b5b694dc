import type { Gap } from '../../domain/model/collection.ts';
import { collectionPermissions } from '../../domain/model/permissions.ts';

/** A directory is read for the tenant; hidden from one account, it is that of another tenant, which no permission shows. */
export function isForeign({ collection, scope, reason }: Gap): boolean {
  return (
    reason === 'not-visible' && scope !== 'tenant' && collectionPermissions[collection]?.permission.api === 'graph'
  );
}

const mends = {
  live: 'Audit that tenant: set KERBWATCH_TENANT_ID to its id.',
  snapshot: 'Take a snapshot signed in to that tenant, and audit that.',
} as const;

/** How many accounts belong to another tenant than the directory that was read, and what to do; nothing where none does. */
export function foreignAccounts(gaps: readonly Gap[], source: keyof typeof mends): readonly string[] {
  const count = new Set(gaps.filter(isForeign).map(({ scope }) => scope)).size;
  if (count === 0) return [];
  const [accounts, them] = count === 1 ? ['1 account belongs', 'it'] : [`${String(count)} accounts belong`, 'them'];
  return [
    `${accounts} to another tenant, whose directory was not read, so rules about apps and policies stay unknown for ${them}. ${mends[source]}`,
  ];
}
