import { describe, expect, it } from 'vitest';
import { demandWords, resourceWords, userWords } from '../../../domain/conditional-access/policy-words.ts';
import { applications, controls, guid, users } from '../build.ts';

describe('A policy in words', () => {
  it.each([
    [users({ includeUsers: ['All'] }), 'all users'],
    [users({ includeUsers: [guid(1)], includesGuests: true }), `guests and external users, 1 user (${guid(1)})`],
    [users({ includeUsers: ['All'], excludeRoles: [guid(2)] }), `all users; but for 1 directory role (${guid(2)})`],
    [users({ includeUsers: ['NewKind'] }), 'NewKind'],
    [users(), 'users that are not known here'],
  ])('names whom it is for, and keeps what it does not know: %#', (who, words) => {
    expect(userWords(who)).toBe(words);
  });

  it('names five ids and counts the rest', () => {
    const ids = [1, 2, 3, 4, 5, 6, 7].map(guid);
    expect(userWords(users({ includeGroups: ids }))).toBe(`7 groups (${ids.slice(0, 5).join(', ')} and 2 more)`);
  });

  it.each([
    [applications({ include: ['All'] }), 'all resources'],
    [applications({ include: ['Office365', guid(3)] }), `Office365, 1 app (${guid(3)})`],
    [applications({ include: ['None'] }), 'no resource'],
  ])('names what it is for: %#', (what, words) => {
    expect(resourceWords(what)).toBe(words);
  });

  it.each([
    [controls({ builtInControls: ['mfa'] }), 'multifactor authentication'],
    [
      controls({ operator: 'AND', builtInControls: ['mfa', 'compliantDevice'] }),
      'multifactor authentication and a compliant device',
    ],
    [controls({ operator: 'OR', builtInControls: ['mfa', 'newControl'] }), 'multifactor authentication or newControl'],
    [null, 'nothing before access is granted'],
  ])('names what it demands: %#', (demand, words) => {
    expect(demandWords(demand)).toBe(words);
  });
});
