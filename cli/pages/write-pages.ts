import { readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { documents } from './documents.ts';

const root = resolve(import.meta.dirname, '../..');
const rulePages = 'docs/rules';

/** Writes every generated document into the repository, and removes the pages of rules that are gone. */
async function writePages(): Promise<void> {
  const written = await documents();
  for (const [path, text] of written) await writeFile(join(root, path), text);
  for (const name of await readdir(join(root, rulePages))) {
    if (!written.has(`${rulePages}/${name}`)) await rm(join(root, rulePages, name));
  }
}

await writePages();
