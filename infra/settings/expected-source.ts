import type { AccountMatch } from '../../domain/model/settings.ts';
import { accountMatch, isEmptyMatch } from './account-match.ts';
import { listOf, named, oneOf } from './named.ts';

const sources = ['None', 'AADDS', 'AD', 'AADKERB'] as const;

/** `expectedSource`: the first entry whose match holds says which identity source the account should have. */
export const expectedSource = listOf(
  named({
    match: accountMatch,
    source: oneOf(sources).meta({
      description:
        'AADKERB is Microsoft Entra Kerberos, AD is Active Directory, AADDS is Entra Domain Services, None is no identity source.',
    }),
  }),
).superRefine((entries, context) => {
  const matches = entries.map(({ match }) => match);
  for (const [index, match] of matches.entries()) {
    const message = whyUnused(match, matches.slice(0, index));
    if (message !== null) context.addIssue({ code: 'custom', path: [index, 'match'], message });
  }
});

/** Why an entry never counts after those before it; null where it may. */
function whyUnused(match: AccountMatch, before: readonly AccountMatch[]): string | null {
  const same = before.findIndex((other) => wordsOf(other) === wordsOf(match));
  if (same !== -1) return `is that of expectedSource[${same}], and the first match wins; take one of the two out`;
  const all = before.findIndex(matchesAll);
  return all === -1 ? null : `never counts, since expectedSource[${all}] matches every account; put that one last`;
}

/** Every account has a name, so `*` for it leaves none out. */
function matchesAll(match: AccountMatch): boolean {
  return isEmptyMatch(match.name === '*' ? { ...match, name: undefined } : match);
}

/** The same text for matches that select the same accounts because they say the same. */
function wordsOf({ tag = {}, ...match }: AccountMatch): string {
  const tags = Object.entries(tag).map(([name, value]) => `tag ${name}=${value}`);
  const given = Object.entries(match).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  return JSON.stringify([...given, ...tags].map((word) => word.toLowerCase()).sort());
}
