import { describe, expect, it } from 'vitest';

import { known } from '../../../domain/model/collection.ts';
import { openDirectoryFiles } from '../../../infra/snapshot/directory-files.ts';
import { openSnapshot } from '../../../infra/snapshot/open-snapshot.ts';
import { SnapshotMalformed } from '../../../infra/snapshot/snapshot-malformed.ts';
import { writeSnapshot } from '../../../infra/snapshot/write-snapshot.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EstateSource } from '../../../infra/estate-source.ts';

const source: EstateSource = {
  kind: 'live',
  tenantId: '00000000-0000-4000-8000-000000000001',
  cloud: 'AzurePublic',
  capturedAt: null,
  requests: { resourceGraph: 0, graph: 0, arm: 0, throttled: 0 },
  readableSubscriptions: () => Promise.resolve([]),
  readAccount: () => Promise.resolve({ state: 'absent' }),
  readFileServices: () => Promise.resolve(known([])),
  nameAvailability: () => Promise.resolve(null),
  read: () => Promise.resolve({ state: 'known', items: [{ id: 'a' }, { id: 'b' }] }),
};

describe('A snapshot that kerbwatch wrote and that has lost objects since', () => {
  it.each([
    ['all of them', '', 'holds 0 objects where 2 were written'],
    ['the last, at a line break', '{"id":"a"}\n', 'holds 1 objects where 2 were written'],
  ])('is refused by name when a file lost %s', async (_what, text, said) => {
    const directory = await mkdtemp(join(tmpdir(), 'kerbwatch-test-'));
    const files = openDirectoryFiles(directory);
    await writeSnapshot(files, source, ['applications'], Date.parse('2026-11-21T12:00:00Z'));
    await writeFile(join(directory, 'applications.ndjson'), text);
    const read = (await openSnapshot(files)).read('applications');

    await expect(read).rejects.toThrow(SnapshotMalformed);
    await expect(read).rejects.toThrow(`applications.ndjson: ${said}`);
    await rm(directory, { recursive: true });
  });
});
