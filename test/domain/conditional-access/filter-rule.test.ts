import { describe, expect, it } from 'vitest';
import { mapProperties, type FilterRule } from '../../../domain/conditional-access/filter-rule.ts';
import { parseFilterRule } from '../../../domain/conditional-access/parse-filter-rule.ts';

/** The rule with every bracket that its reading implies, and lower-case operators. */
function spelled(rule: FilterRule | null): string | null {
  if (rule === null) return null;
  if (rule.kind === 'not') return `not(${String(spelled(rule.rule))})`;
  if (rule.kind !== 'comparison') return `(${rule.rules.map(spelled).join(` ${rule.kind} `)})`;
  const literals = rule.literals.map((literal) =>
    literal.kind === 'null' ? 'null' : literal.kind === 'text' ? `"${literal.value.text}"` : literal.value.text,
  );
  return `${rule.property} ${rule.negative ? 'not-' : ''}${rule.operator} ${literals.join('|')}`;
}

function read(text: string): string | null {
  return spelled(parseFilterRule(text));
}

describe('a filter rule', () => {
  it.each([
    ['p -eq "x"', 'p eq "x"'],
    ['p -ne "x"', 'p not-eq "x"'],
    ['p -in ["x", "y"]', 'p in "x"|"y"'],
    ['p -notIn ["x"]', 'p not-in "x"'],
    ['p -contains "x"', 'p contains "x"'],
    ['p -notContains "x"', 'p not-contains "x"'],
    ['p -startsWith "x"', 'p startswith "x"'],
    ['p -notStartsWith "x"', 'p not-startswith "x"'],
    ['p -endsWith "x"', 'p endswith "x"'],
    ['p -notEndsWith "x"', 'p not-endswith "x"'],
  ])('knows the operator in %s, in any case', (text, expected) => {
    expect(read(text)).toBe(expected);
    expect(read(text.replace(/-\w+/, (operator) => operator.toUpperCase()))).toBe(expected);
  });

  it.each([
    ["p -eq 'x'", 'p eq "x"'],
    ["p -eq 'x y z'", 'p eq "x y z"'],
    ['p -eq ""', 'p eq ""'],
    ['p -eq "a (b), [c]"', 'p eq "a (b), [c]"'],
    ['p -eq True', 'p eq True'],
    ['p -ne FALSE', 'p not-eq FALSE'],
    ['p -eq -12', 'p eq -12'],
    ['p -eq null', 'p eq null'],
    ['p -ne "null"', 'p not-eq "null"'],
    ['p -in ["x", 1, true]', 'p in "x"|1|true'],
    ['  p\t-eq\n"x" ', 'p eq "x"'],
    ['p -endsWith"x"', 'p endswith "x"'],
  ])('reads the values of %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['a -eq 1 -and b -eq 2', '(a eq 1 and b eq 2)'],
    ['a -eq 1 -and b -eq 2 -and c -eq 3', '(a eq 1 and b eq 2 and c eq 3)'],
    ['a -eq 1 -or b -eq 2 -and c -eq 3', '(a eq 1 or (b eq 2 and c eq 3))'],
    ['a -eq 1 -and b -eq 2 -or c -eq 3', '((a eq 1 and b eq 2) or c eq 3)'],
    ['a -eq 1 -AND (b -eq 2 -OR c -eq 3)', '(a eq 1 and (b eq 2 or c eq 3))'],
    ['-not a -eq 1 -and b -eq 2', '(not(a eq 1) and b eq 2)'],
    ['-not (a -eq 1 -and b -eq 2)', 'not((a eq 1 and b eq 2))'],
    ['-not -not a -eq 1', 'not(not(a eq 1))'],
    ['((a -eq 1))', 'a eq 1'],
  ])('binds -not before -and, and -and before -or: %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    '',
    'a',
    'a -eq',
    'a eq "x"',
    'a -match "x"',
    'a -eq x',
    'a -eq 1.5',
    'a -eq ]',
    '"a" -eq "x"',
    'a "-eq" "x"',
    'a -eq "x',
    "a -eq 'x",
    'a -eq "x" b -eq "y"',
    'a -eq "x""y"',
    'a -eq "x" -and',
    'a -eq "x" -xor b -eq "y"',
    '-and a -eq "x"',
    '-not',
    '(a -eq "x"',
    'a -eq "x")',
    '()',
    'a -in "x"',
    'a -in []',
    'a -in ["x"',
    'a -in ["x",]',
    'a -in ["x" "y"]',
    'a -in [null]',
    'a -in ["x", null]',
    'a -contains null',
    'a -eq ["x"]',
    'a -any (_ -eq "x")',
    'a -eq `"x`"',
    'a -eq "x\\y"',
    'a -eq "O\'\'Brien"',
  ])('is not read in part: %s', (text) => {
    expect(parseFilterRule(text)).toBeNull();
  });

  it('is not read when it is nested beyond reason, and read when within it', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}a -eq 1${')'.repeat(depth)}`;
    expect(read(nested(99))).toBe('a eq 1');
    expect(read(nested(100))).toBeNull();
    expect(read(nested(100_000))).toBeNull();
    expect(read(`${nested(99)} -and ${nested(99)}`)).toBe('(a eq 1 and a eq 1)');
  });

  it('can name its properties anew, all or none', () => {
    const rule = parseFilterRule('a -eq 1 -and (b -eq 2 -or -not c -eq 3)');
    expect(rule).not.toBeNull();
    if (rule === null) return;
    expect(spelled(mapProperties(rule, (name) => name.toUpperCase()))).toBe('(A eq 1 and (B eq 2 or not(C eq 3)))');
    for (const missing of ['a', 'b', 'c']) {
      expect(mapProperties(rule, (name) => (name === missing ? null : name))).toBeNull();
    }
  });
});
