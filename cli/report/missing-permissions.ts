import type { AuditedEstate } from '../../domain/audit/audit-estate.ts';
import type { Gap } from '../../domain/model/collection.ts';
import { collectionPermissions, type Permission } from '../../domain/model/permissions.ts';
import type { SignedIn } from '../../infra/azure/identity/first-that-works.ts';
import { commandLineToolsClientId } from '../../infra/azure/identity/person-sign-in.ts';

/** Where an audit's facts come from, which decides what would mend a missing permission. */
export type Access =
  | { readonly source: 'snapshot' }
  /** `graph` null: a token that was given. */
  | { readonly source: 'live'; readonly graph: Pick<SignedIn, 'method' | 'clientId'> | null };

interface Missing {
  /** As somebody grants it: a permission of Microsoft Graph, or a role of Azure. */
  readonly name: string;
  readonly permission: Permission;
  readonly gaps: readonly Gap[];
}

const refusals: readonly Gap['reason'][] = ['forbidden', 'unauthorized', 'not-visible'];

/** As many places as a line can name. */
const mostScopes = 3;

/**
 * A line for every permission or role that was missing: which rules it leaves unknown, and the one thing that would mend it. None
 * for what nobody asked for, or what failed for another reason.
 */
export function missingPermissions(
  { gaps, results }: Pick<AuditedEstate, 'gaps' | 'results'>,
  access: Access,
): string[] {
  return missingAmong(gaps).map((missing) => {
    const what = missing.permission.api === 'graph' ? missing.name : `${missing.name} on ${scopesOf(missing.gaps)}`;
    return `${what} is missing: ${consequenceOf(missing, results)}. ${mendOf(missing, access)}`;
  });
}

function missingAmong(gaps: readonly Gap[]): readonly Missing[] {
  const byName = new Map<string, Missing>();
  for (const gap of gaps) {
    const permission = collectionPermissions[gap.collection]?.permission;
    if (permission === undefined || !refusals.includes(gap.reason)) continue;
    const name = permission.api === 'graph' ? permission.name : permission.role;
    byName.set(name, { name, permission, gaps: [...(byName.get(name)?.gaps ?? []), gap] });
  }
  return [...byName.values()];
}

function consequenceOf({ gaps }: Missing, results: AuditedEstate['results']): string {
  const collections = new Set(gaps.map(({ collection }) => collection));
  const because = results.filter(
    ({ verdict }) =>
      verdict.outcome === 'unknown' &&
      verdict.gaps.some(({ collection, reason }) => collections.has(collection) && refusals.includes(reason)),
  );
  const rules = [...new Set(because.map(({ rule }) => rule.id))].sort();
  const unseen = collections.has('storage-accounts') ? ['accounts there are not judged at all'] : [];
  const unknown = rules.length === 0 ? [] : [`${listed(rules)} ${rules.length === 1 ? 'stays' : 'stay'} unknown`];
  const told = [...unseen, ...unknown];
  return told.length === 0 ? 'no verdict waits for it, yet the audit is not complete' : told.join('; ');
}

function mendOf({ name, permission, gaps }: Missing, access: Access): string {
  if (access.source === 'snapshot') return 'Take the snapshot again with a sign-in that has it.';
  if (gaps.every(({ reason }) => reason === 'unauthorized')) return 'Sign in again: the token was not accepted.';
  if (permission.api === 'azure') return `Ask for the role ${name} there.`;
  if (access.graph === null) return 'Use a token that has it.';
  const { method, clientId } = access.graph;
  if (method === 'az') {
    return 'Sign in at a terminal, or with a client that has it in KERBWATCH_CLIENT_ID; see `kerbwatch permissions`.';
  }
  // Microsoft's client was asked for the permission by name, so the token has it, and the person may not use it.
  if (clientId === commandLineToolsClientId) return 'Ask for a directory role that may read it, such as Global Reader.';
  return `Ask an administrator to consent to it for client ${clientId ?? 'KERBWATCH_CLIENT_ID'}; see \`kerbwatch permissions\`.`;
}

function scopesOf(gaps: readonly Gap[]): string {
  const subscriptions = gaps.map(({ scope }) => /^\/subscriptions\/[^/]+/u.exec(scope)?.[0] ?? 'your subscriptions');
  const distinct = [...new Set(subscriptions)].sort();
  const more = distinct.length - mostScopes;
  return more > 0 ? `${distinct.slice(0, mostScopes).join(', ')} and ${more} more` : listed(distinct);
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
