import { check } from 'prettier';
import { describe, expect, it } from 'vitest';
import { markdownTable } from '../../../cli/pages/markdown-table.ts';

describe('markdownTable', () => {
  const table = markdownTable(['name', 'what'], [['`a|b`', 'one\ntwo'], ['‹c›']]);

  it('is what Prettier would write', async () => {
    expect(await check(`${table}\n`, { parser: 'markdown' })).toBe(true);
  });

  it('keeps a bar and a line break in a cell from making another one', () => {
    expect(table.split('\n').map((line) => line.split(/(?<!\\)\|/u).length)).toEqual([4, 4, 4, 4]);
    expect(table).toContain('one two');
  });
});
