import { describe, expect, it } from 'vitest';
import { inline, plainText } from '../../../cli/pages/plain-text.ts';

describe('plainText', () => {
  it('wraps prose to 100 characters, margin included', () => {
    const lines = plainText('word '.repeat(60).trim(), '    ');
    expect(lines.length).toBe(4);
    expect(lines.every((line) => line.length <= 100 && line.startsWith('    word'))).toBe(true);
  });

  it('keeps a blank line between paragraphs', () => {
    expect(plainText('one\n\ntwo', ' ')).toEqual([' one', '', ' two']);
  });

  it('gives a long command a line of its own, whole and without marks', () => {
    const command = `az storage account update -n NAME -g GROUP --enable-files-aadkerb true ${'--more '.repeat(9).trim()}`;
    expect(plainText(`First \`${command}\`, then mount.`, '')).toEqual(['First', `  ${command}`, 'then mount.']);
  });

  it('leaves short commands and long names in their sentence', () => {
    const name = '`servicePrincipalRestrictions.passwordCredentials`';
    expect(plainText(`Run \`klist purge\` and read ${name}.`, '')).toEqual([`Run \`klist purge\` and read ${name}.`]);
  });

  it('keeps the items of a list apart, their lines below the text', () => {
    const [first, second, third] = plainText(`- ${'word '.repeat(25).trim()}\n- two`, '');
    expect(first).toMatch(/^- word/u);
    expect(second).toMatch(/^ {2}word/u);
    expect(third).toBe('- two');
  });
});

describe('inline', () => {
  it.each([
    ['**bold** and _slanted_', 'bold and slanted'],
    ['[consent](consent-granted.md) first', 'consent (kerbwatch explain consent-granted) first'],
    ['[page](https://learn.microsoft.com/x)', 'page (https://learn.microsoft.com/x)'],
    ['`**as is** $_ [a](b.md)`', '`**as is** $_ [a](b.md)`'],
    ['a_name_with_lines', 'a_name_with_lines'],
  ])('shows %s as %s', (markdown, shown) => {
    expect(inline(markdown)).toBe(shown);
  });
});
