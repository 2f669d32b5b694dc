import { describe, expect, it } from 'vitest';
import { compileFilter, filterVerdict } from '../../../domain/conditional-access/application-filter.ts';
import { compilePolicy, effectOn } from '../../../domain/conditional-access/compile.ts';
import type { SecurityAttributes } from '../../../domain/model/directory.ts';
import { appId, applications, guid, policy } from '../build.ts';

const attributes: SecurityAttributes = {
  Engineering: { Project: ['Baker', 'Cascade'], Level: 'Three', Cost: 12, Live: true, Rooms: [1, 2], Empty: [] },
  Storage: { Kerberos: 'yes' },
};

function verdictOf(rule: string, of: SecurityAttributes | null = attributes, mode = 'include') {
  // A copy, since what an object holds is worked out once.
  return filterVerdict(compileFilter({ mode, rule }), structuredClone(of));
}

/** `E.` stands for `CustomSecurityAttribute.Engineering_`. */
function engineering(rule: string) {
  return verdictOf(rule.replaceAll('E.', 'CustomSecurityAttribute.Engineering_'));
}

describe('an application filter', () => {
  it('answers nothing where the policy has none', () => {
    expect(filterVerdict(null, attributes)).toBe('unfiltered');
    expect(filterVerdict(null, null)).toBe('unfiltered');
  });

  it.each([
    ['match', 'E.Level -eq "Three"'],
    ['miss', 'E.Level -eq "Thre"'],
    ['miss', 'E.Level -ne "Three"'],
    ['match', 'E.Level -ne "Four"'],
    ['match', 'E.Level -in ["Two", "Three"]'],
    ['miss', 'E.Level -in ["Two", "Four"]'],
    ['miss', 'E.Level -notIn ["Two", "Three"]'],
    ['match', 'E.Level -contains "hre"'],
    ['miss', 'E.Level -contains "x"'],
    ['miss', 'E.Level -notContains "hre"'],
    ['match', 'E.Level -startsWith "Th"'],
    ['miss', 'E.Level -startsWith "hr"'],
    ['match', 'E.Level -notStartsWith "hr"'],
    ['match', 'E.Level -endsWith "ee"'],
    ['miss', 'E.Level -endsWith "re"'],
    ['match', 'E.Level -notEndsWith "re"'],
    ['match', 'E.Level -ne null'],
    ['miss', 'E.Level -eq null'],
  ])('compares a text: %s for %s', (expected, rule) => {
    expect(engineering(rule)).toBe(expected);
  });

  it.each([
    ['match', 'E.Project -contains "Baker"'],
    ['match', 'E.Project -contains "Cascade"'],
    ['miss', 'E.Project -contains "Delta"'],
    ['miss', 'E.Project -notContains "Baker"'],
    ['match', 'E.Project -notContains "Delta"'],
    ['miss', 'E.Project -eq "Delta"'],
    ['match', 'E.Project -notIn ["Delta"]'],
    ['miss', 'E.Project -startsWith "De"'],
    ['miss', 'E.Project -eq null'],
  ])('compares a list of texts, item by item: %s for %s', (expected, rule) => {
    expect(engineering(rule)).toBe(expected);
  });

  it.each([
    ['a text that fits in other case', 'E.Level -eq "three"'],
    ['the opposite of that', 'E.Level -ne "three"'],
    ['an item that fits in other case', 'E.Project -contains "baker"'],
    ['a part of an item', 'E.Project -contains "Bak"'],
    ['an item that is equal, by another operator', 'E.Project -eq "Baker"'],
    ['an item that starts so', 'E.Project -startsWith "Ba"'],
    ['a number', 'E.Cost -eq 12'],
    ['a truth value', 'E.Live -eq true'],
    ['a list of numbers', 'E.Rooms -contains 1'],
  ])('is unclear about %s', (_says, rule) => {
    expect(engineering(rule)).toBe('unclear');
  });

  it.each([
    ['miss', 'E.Other -eq "x"'],
    ['match', 'E.Other -ne "x"'],
    ['miss', 'E.Other -contains "x"'],
    ['match', 'E.Other -eq null'],
    ['miss', 'E.Other -ne null'],
    ['miss', 'E.Other -eq 12'],
    ['miss', 'E.Empty -contains "x"'],
    ['match', 'E.Empty -eq null'],
  ])('takes an attribute that is not set for null: %s for %s', (expected, rule) => {
    expect(engineering(rule)).toBe(expected);
  });

  it.each([
    ['match', 'E.Level -eq "Three" -and E.Project -contains "Baker"'],
    ['miss', 'E.Level -eq "Three" -and E.Project -contains "Delta"'],
    ['match', 'E.Level -eq "Four" -or E.Project -contains "Baker"'],
    ['miss', 'E.Level -eq "Four" -or E.Project -contains "Delta"'],
    ['match', '-not (E.Level -eq "Four")'],
    ['miss', '-not (E.Level -eq "Three")'],
    ['miss', 'E.Cost -eq 12 -and E.Level -eq "Four"'],
    ['unclear', 'E.Cost -eq 12 -and E.Level -eq "Three"'],
    ['match', 'E.Cost -eq 12 -or E.Level -eq "Three"'],
    ['unclear', 'E.Cost -eq 12 -or E.Level -eq "Four"'],
    ['unclear', '-not (E.Cost -eq 12)'],
  ])('joins comparisons, and is unclear only where that matters: %s for %s', (expected, rule) => {
    expect(engineering(rule)).toBe(expected);
  });

  it('finds attributes without case, and those whose names hold underscores', () => {
    expect(verdictOf('customsecurityattribute.STORAGE_kerberos -eq "yes"')).toBe('match');
    expect(verdictOf('CustomSecurityAttribute.A_B_C -eq "x"', { A: { B_C: 'x' } })).toBe('match');
    expect(verdictOf('CustomSecurityAttribute.A_B_C -eq "x"', { A_B: { C: 'x' } })).toBe('match');
    expect(verdictOf('CustomSecurityAttribute.A_B_C -eq "x"', { A: { B: 'x' } })).toBe('miss');
  });

  it.each([
    'Engineering_Level -eq "Three"',
    'xCustomSecurityAttribute.Engineering_Level -eq "Three"',
    'CustomSecurityAttribute.Level -eq "Three"',
    'CustomSecurityAttribute.Engineering.Level_x -eq "Three"',
    'CustomSecurityAttribute.Engineering_Level.x -eq "Three"',
    'CustomSecurityAttribute.Engineering_Level -eq "Three" -or app.name -eq "x"',
    'CustomSecurityAttribute.Engineering_Level -match "Three"',
  ])('does not pretend to understand %s', (rule) => {
    expect(verdictOf(rule)).toBe('unparsed');
    expect(verdictOf(rule, null)).toBe('unparsed');
  });

  it('is unclear about a text that fits a number or a truth value', () => {
    const of = { Storage: { Count: '12', Live: 'true' } };
    expect(verdictOf('CustomSecurityAttribute.Storage_Count -eq 12', of)).toBe('unclear');
    expect(verdictOf('CustomSecurityAttribute.Storage_Count -eq "12"', of)).toBe('match');
    expect(verdictOf('CustomSecurityAttribute.Storage_Count -eq 13', of)).toBe('miss');
    expect(verdictOf('CustomSecurityAttribute.Storage_Live -eq True', of)).toBe('unclear');
  });

  it('says when attributes were not read, which is not the same as having none', () => {
    const rule = 'CustomSecurityAttribute.Storage_Kerberos -eq "yes"';
    expect(verdictOf(rule, null)).toBe('unread');
    expect(verdictOf(rule, {})).toBe('miss');
  });

  it('knows its two modes in any case, and no other', () => {
    const rule = 'CustomSecurityAttribute.Storage_Kerberos -eq "yes"';
    expect(verdictOf(rule, attributes, 'Exclude')).toBe('match');
    expect(verdictOf(rule, attributes, '')).toBe('unparsed');
  });
});

describe('a policy with an application filter (row 10)', () => {
  const rule = 'CustomSecurityAttribute.Storage_Kerberos -eq "yes"';
  const clear = { Storage: { Kerberos: 'no' } };
  const unclear = { Storage: { Kerberos: true } };
  const audience = '00000002-0000-0000-c000-000000000000';
  const effect = (
    mode: string,
    securityAttributes: SecurityAttributes | null,
    over: Parameters<typeof applications>[0],
  ) =>
    effectOn(compilePolicy(policy({ applications: applications({ filter: { mode, rule }, ...over }) })), {
      appId,
      securityAttributes,
    });

  it.each([
    ['all resources, exempted', 'exclude', attributes, { include: ['All'] }, 'none', 10],
    ['all resources, not exempted', 'exclude', clear, { include: ['All'] }, 'violation', 7],
    ['all resources, unread', 'exclude', null, { include: ['All'] }, 'undecided', 10],
    ['all resources, unclear', 'exclude', unclear, { include: ['All'] }, 'undecided', 10],
    ['listed and exempted', 'exclude', attributes, { include: [appId] }, 'none', 10],
    ['listed, not exempted', 'exclude', clear, { include: [appId] }, 'violation', 8],
    ['listed, unread', 'exclude', null, { include: [appId] }, 'undecided', 10],
    ['other apps, exempted', 'exclude', attributes, { include: [guid(99)] }, 'none', 11],
    ['other apps, unread', 'exclude', null, { include: [guid(99)] }, 'none', 11],
    ['no list, an exclude filter', 'exclude', clear, {}, 'undecided', 11],
    ['excluded by the list, unread', 'exclude', null, { include: ['All'], exclude: [appId] }, 'none', 6],
    ['selected', 'include', attributes, {}, 'violation', 10],
    ['not selected', 'include', clear, {}, 'none', 10],
    ['selected or not, unread', 'include', null, {}, 'undecided', 10],
    ['selected or not, unclear', 'include', unclear, {}, 'undecided', 10],
    ['selected beside other apps', 'include', attributes, { include: [guid(99)] }, 'violation', 10],
    ['not selected beside other apps', 'include', clear, { include: [guid(99)] }, 'none', 11],
    ['not selected beside a keyword that is not known', 'include', clear, { include: ['New'] }, 'undecided', 11],
    ['listed, not selected', 'include', clear, { include: [appId] }, 'violation', 8],
    ['all resources, unread', 'include', null, { include: ['All'] }, 'violation', 7],
    ['selected and excluded by the list', 'include', attributes, { exclude: [appId] }, 'none', 6],
    ['selected beside the directory audience', 'include', attributes, { include: [audience] }, 'violation', 10],
    ['not selected beside the directory audience', 'include', clear, { include: [audience] }, 'undecided', 9],
    ['unread beside the directory audience', 'include', null, { include: [audience] }, 'undecided', 9],
    ['selected, an exclusion not known', 'include', attributes, { exclude: ['New'] }, 'undecided', 32],
    ['not selected, network access', 'include', clear, { selectsNetworkAccess: true }, 'none', 10],
    ['user actions, not selected', 'include', clear, { userActions: ['x'] }, 'none', 4],
    ['authentication contexts, not selected', 'include', clear, { authenticationContexts: ['c1'] }, 'none', 5],
    ['user actions, an exclude filter unread', 'exclude', null, { userActions: ['x'] }, 'none', 4],
  ] as const)('%s (%s mode)', (_says, mode, read, over, kind, row) => {
    const { kind: seen, reasons } = effect(mode, read, over);
    expect(seen).toBe(kind);
    expect(reasons.map((reason) => reason.row)).toContain(row);
  });

  it('says which of the three keeps it undecided, and names the permission', () => {
    const words = (one: ReturnType<typeof effect>) => one.reasons.map((reason) => reason.words).join();
    expect(words(effect('exclude', null, { include: ['All'] }))).toContain('CustomSecAttributeAssignment.Read.All');
    expect(words(effect('exclude', unclear, { include: ['All'] }))).toContain('cannot be decided');
    expect(words(effect('sometimes', clear, { include: ['All'] }))).toContain('not understood');
  });

  it('counts an app that the filter exempts as spared, where there is something to be spared', () => {
    expect(effect('exclude', attributes, { include: ['All'] }).spared).toBe(true);
    expect(effect('exclude', attributes, { include: [appId] }).spared).toBe(true);
    expect(effect('exclude', attributes, { include: ['All'], exclude: [appId] }).spared).toBe(true);
    expect(effect('exclude', attributes, { include: [guid(99)] }).spared).toBe(false);
    expect(effect('include', attributes, {}).spared).toBe(false);
    expect(effect('exclude', clear, { include: ['All'] }).spared).toBe(false);
    expect(effect('include', attributes, { include: ['All'] }).spared).toBe(false);
  });

  it('does not name the permission where something else keeps it undecided', () => {
    expect(effect('include', null, { include: [audience] }).needs).toBeNull();
    expect(effect('include', null, { include: [guid(99)] }).needs).not.toBeNull();
  });
});
