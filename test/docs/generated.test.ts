import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { check, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { documents } from '../../cli/pages/documents.ts';

const root = resolve(import.meta.dirname, '../..');
const written = await documents();
const options = await resolveConfig(join(root, 'RULES.md'));

function committed(path: string): string | null {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return null;
  }
}

describe('the documents that are written from the code', () => {
  it.each([...written.keys()])('%s is what the code says; npm run docs writes it anew', (path) => {
    expect(committed(path)).toBe(written.get(path));
  });

  it.each([...written])('%s is formatted as Prettier would', async (path, text) => {
    expect(await check(text, { ...options, filepath: path })).toBe(true);
  });

  it('are all the rule pages there are; npm run docs removes the others', () => {
    const pages = [...written.keys()].filter((path) => path.startsWith('docs/rules/'));
    expect(readdirSync(join(root, 'docs/rules')).map((name) => `docs/rules/${name}`)).toEqual(pages.toSorted());
  });

  it('are the same each time', async () => {
    expect(await documents()).toEqual(written);
  });
});
