import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { writeSampleTenant } from '../../infra/local/sample-tenant/generate.ts';

const made: string[] = [];

afterEach(async () => {
  await Promise.all(made.splice(0).map((directory) => rm(directory, { recursive: true, force: true })));
});

/** An empty directory that is gone after the test. */
export async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kerbwatch-cli-'));
  made.push(directory);
  return directory;
}

/** The sample tenant as a snapshot directory; every subscription in it was read. */
export async function sampleSnapshot(): Promise<string> {
  const directory = await scratch();
  await writeSampleTenant(directory, { now: new Date('2026-11-21T10:00:00Z') });
  return directory;
}

/** Writes one of the directory's files anew. */
export async function change(directory: string, file: string, turn: (text: string) => string): Promise<void> {
  const path = join(directory, file);
  await writeFile(path, turn(await readFile(path, 'utf8')));
}
