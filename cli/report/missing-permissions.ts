import type { AuditedEstate, AuditedRule } from '../../domain/audit/audit-estate.ts';
import type { CollectionName, Gap } from '../../domain/model/collection.ts';
import { collectionPermissions, type Permission } from '../../domain/model/permissions.ts';
import type { SignedIn } from '../../infra/azure/identity/first-that-works.ts';
import { commandLineToolsClientId } from '../../infra/azure/identity/person-sign-in.ts';
import { isForeign } from './foreign-accounts.ts';
import { listed, listedSubscriptions, subscriptionOf } from './listed.ts';

/** Where an audit's facts come from, which decides what would mend a missing permission. */
export type Access =
  | { readonly source: 'snapshot' }
  /** `graph` null: a token that was given. */
  | { readonly source: 'live'; readonly graph: Pick<SignedIn, 'method' | 'clientId'> | null };

interface Missing {
  /** As somebody grants it: a permission of Microsoft Graph, a role of Azure, or the actions that a role lacks. */
  readonly name: string;
  readonly api: Permission['api'];
  /** Of Azure: a role that holds it. */
  readonly role: string;
  readonly collections: ReadonlySet<CollectionName>;
  readonly gaps: readonly Gap[];
}

const refusals: readonly Gap['reason'][] = ['forbidden', 'unauthorized', 'not-visible'];

/**
 * A line for every permission or role that was missing: which rules it leaves unknown, and the one thing that would mend it. None
 * for what nobody asked for, or what failed for another reason.
 */
export function missingPermissions(
  { gaps, results }: Pick<AuditedEstate, 'gaps' | 'results'>,
  access: Access,
): string[] {
  const refused = gaps.filter(isRefusal);
  return [...missingOfAzure(refused), ...missingOfGraph(refused)].map((missing) => {
    const place = missing.api === 'graph' ? '' : ` on ${listedSubscriptions(missing.gaps.map(({ scope }) => scope))}`;
    return `${missing.name}${place} is missing: ${consequenceOf(missing, results)}. ${mendOf(missing, access)}`;
  });
}

function isRefusal(gap: Gap): boolean {
  return refusals.includes(gap.reason) && !isForeign(gap);
}

/** By permission, as an administrator grants it. */
function missingOfGraph(gaps: readonly Gap[]): readonly Missing[] {
  const byName = Map.groupBy(gapsUnder('graph', gaps), ({ permission }) => permission.name);
  return [...byName].map(([name, group]) => {
    const refused = group.map(({ gap }) => gap);
    return { name, api: 'graph', role: '', collections: collectionsOf(refused), gaps: refused };
  });
}

/** By what cannot be read there: where accounts are not visible none is judged, elsewhere only some rules wait. */
function missingOfAzure(gaps: readonly Gap[]): readonly Missing[] {
  const byPlace = Map.groupBy(gapsUnder('azure', gaps), ({ gap }) => subscriptionOf(gap.scope));
  const alike = Map.groupBy(byPlace.values(), (group) => [...collectionsOf(group.map(({ gap }) => gap))].sort().join());
  return [...alike.values()].map((groups) => {
    const group = groups.flat();
    const refused = group.map(({ gap }) => gap);
    const collections = collectionsOf(refused);
    const role = group[0]?.permission.role ?? '';
    const actions = [...new Set(group.map(({ permission }) => permission.name))].sort();
    const name = collections.has('storage-accounts') ? role : listed(actions);
    return { name, api: 'azure', role, collections, gaps: refused };
  });
}

function gapsUnder<Api extends Permission['api']>(api: Api, gaps: readonly Gap[]) {
  type Wanted = Extract<Permission, { readonly api: Api }>;
  return gaps.flatMap((gap): { readonly gap: Gap; readonly permission: Wanted }[] => {
    const permission = collectionPermissions[gap.collection]?.permission;
    return permission?.api === api ? [{ gap, permission: permission as Wanted }] : [];
  });
}

function collectionsOf(gaps: readonly Gap[]): ReadonlySet<CollectionName> {
  return new Set(gaps.map(({ collection }) => collection));
}

function consequenceOf(missing: Missing, results: AuditedEstate['results']): string {
  const rules = [...new Set(results.filter((one) => waitsFor(missing, one)).map(({ rule }) => rule.id))].sort();
  const unseen = missing.collections.has('storage-accounts') ? ['accounts there are not judged at all'] : [];
  const unknown = rules.length === 0 ? [] : [`${listed(rules)} ${rules.length === 1 ? 'stays' : 'stay'} unknown`];
  const told = [...unseen, ...unknown];
  return told.length === 0 ? 'no verdict waits for it, yet the audit is not complete' : told.join('; ');
}

/**
 * Whether a verdict is unknown and could not be had without what is missing. It may name another gap alone: a rule stops at
 * the first thing it lacks, and whoever mends that would meet the next.
 */
function waitsFor({ api, collections, gaps }: Missing, { rule, verdict }: AuditedRule): boolean {
  if (verdict.outcome !== 'unknown') return false;
  const own = verdict.gaps.filter((gap) => !isForeign(gap));
  if (verdict.gaps.length > 0 && own.length === 0) return false;
  const places = new Set(gaps.map(({ scope }) => subscriptionOf(scope)));
  const names = own.some(
    (gap) =>
      isRefusal(gap) && collections.has(gap.collection) && (api === 'graph' || places.has(subscriptionOf(gap.scope))),
  );
  if (names) return true;
  // What Azure lacks in one place says nothing of an account elsewhere.
  return api === 'graph' && own.length > 0 && rule.needs.some((need) => collections.has(need));
}

function mendOf({ name, api, role, gaps }: Missing, access: Access): string {
  if (access.source === 'snapshot') return 'Take the snapshot again with a sign-in that has it.';
  if (gaps.every(({ reason }) => reason === 'unauthorized')) return 'Sign in again: the token was not accepted.';
  if (api === 'azure') {
    return name === role ? `Ask for the role ${role} there.` : `Ask for a role that holds it there, such as ${role}.`;
  }
  if (access.graph === null) return 'Use a token that has it.';
  const { method, clientId } = access.graph;
  if (method === 'az') {
    return 'Sign in at a terminal, or with a client that has it in KERBWATCH_CLIENT_ID; see `kerbwatch permissions`.';
  }
  // Microsoft's client was asked for the permission by name, so the token has it, and the person may not use it.
  if (clientId === commandLineToolsClientId) return 'Ask for a directory role that may read it, such as Global Reader.';
  return `Ask an administrator to consent to it for client ${clientId ?? 'KERBWATCH_CLIENT_ID'}; see \`kerbwatch permissions\`.`;
}
