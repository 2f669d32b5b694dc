import { readAgain } from '../../domain/audit/change-finding.ts';
import { namedFindings, onlyThis } from '../../domain/audit/named-findings.ts';
import type { FindingStore, StoredFinding } from '../../domain/audit/ports.ts';
import type { Finding } from '../../domain/findings/finding.ts';
import { placeOf } from '../../domain/findings/place.ts';
import { checkPrecondition, type Precondition } from './entity-tags.ts';
import { refused } from './refusals.ts';
import { shown } from './said-of-issue.ts';

/** A finding's id as one segment of a path: `~` stands for `/`, which servers on the way decode or refuse. */
export function findingSegment(findingId: string): string {
  return findingId.replaceAll('/', '~');
}

/**
 * The finding that a path names.
 * @param segment as `findingSegment` makes it @param accountId ARM id, where several accounts have the name
 * @throws RequestRefused where there is none, and where it could be several, with how to tell them apart
 */
export async function askedFinding(
  segment: string,
  accountId: string | undefined,
  store: Pick<FindingStore, 'find' | 'read'>,
): Promise<StoredFinding> {
  const id = segment.replaceAll('~', '/');
  const key = accountId?.toLowerCase();
  const meant =
    key === undefined
      ? await namedFindings(id, store)
      : (await store.find(id)).filter(({ finding }) => placeOf(finding).key === key);
  return onlyOne(id, meant, 'not-found', 'give the account as well, as ?account= and its ARM id');
}

/** The one finding that is meant. @throws RequestRefused */
export function onlyOne(
  id: string,
  meant: readonly StoredFinding[],
  whereNone: 'not-found' | 'request',
  howToTell: string,
): StoredFinding {
  const [first, second] = meant;
  if (first === undefined) {
    throw refused(whereNone, `There is no finding ${shown(id, 300)}; GET /findings?state=all lists those there are.`);
  }
  if (second === undefined) return first;
  const candidates = meant.map(({ finding: { account, state } }) => ({ account: account?.id ?? null, state }));
  throw refused('ambiguous', `Several accounts have that name, and each a finding ${first.finding.id}: ${howToTell}.`, {
    members: { candidates: candidates.sort((a, b) => ((a.account ?? '') < (b.account ?? '') ? -1 : 1)) },
  });
}

/** The store, in which there is this finding alone, and only while the precondition holds. */
export function storeOfAsked(
  { finding }: StoredFinding,
  precondition: Precondition | null,
  store: FindingStore,
): FindingStore {
  const check = (all: readonly StoredFinding[]): readonly StoredFinding[] => {
    for (const one of all) if (isSame(one.finding, finding)) checkPrecondition(precondition, one.version, finding.id);
    return all;
  };
  return {
    ...onlyThis(finding, store),
    // What is committed is what was read here, at its version: nobody gets between the check and the change.
    read: async (...asked) => check(await store.read(...asked)),
    readAll: async (partition) => check(await store.readAll(partition)),
  };
}

/** The finding as it is stored after a change. @throws RequestRefused when it was removed meanwhile. */
export async function afterChange(finding: Finding, store: FindingStore): Promise<StoredFinding> {
  const stored = await readAgain(finding, store);
  if (stored === null) throw refused('not-found', `${finding.id} is not there any more.`);
  return stored;
}

function isSame(a: Finding, b: Finding): boolean {
  return a.rule === b.rule && placeOf(a).key === placeOf(b).key;
}
