import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Collection,
  type CollectionName,
  collected,
  known,
  unavailable,
} from '../../../domain/model/collection.ts';
import type { EstateSource, WireObject } from '../../../infra/estate-source.ts';
import { openDirectoryFiles } from '../../../infra/snapshot/directory-files.ts';
import { openSnapshot } from '../../../infra/snapshot/open-snapshot.ts';
import { SnapshotNotFound } from '../../../infra/snapshot/snapshot-not-found.ts';
import { writeSnapshot } from '../../../infra/snapshot/write-snapshot.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const capturedAt = Date.UTC(2026, 10, 1, 2);
const blind = {
  collection: 'storage-accounts',
  scope: '/subscriptions/bbbb',
  reason: 'not-visible',
  needs: 'Reader',
} as const;
const refused = { collection: 'devices', scope: 'tenant', reason: 'forbidden', needs: 'Device.Read.All' } as const;

const estate: Partial<Record<CollectionName, Collection<WireObject>>> = {
  'storage-accounts': collected(
    [{ id: 'a', nested: { text: 'line\nbreak \u2028', none: null } }, { id: 'b' }],
    [blind],
  ),
  applications: known([]),
  'service-principals': known([{ id: 's' }]),
  devices: unavailable(refused),
};

function sourceOf(collections: typeof estate): EstateSource {
  return {
    kind: 'live',
    tenantId: '11111111-0000-4000-8000-00000000000a',
    cloud: 'AzureChinaCloud',
    capturedAt: null,
    requests: { resourceGraph: 0, graph: 0, arm: 0, throttled: 0 },
    readableSubscriptions: () => Promise.resolve([]),
    readAccount: () => Promise.resolve({ state: 'absent' }),
    readFileServices: () => Promise.resolve(known([])),
    nameAvailability: () => Promise.resolve(null),
    read(name) {
      const collection = collections[name];
      return collection === undefined ? Promise.reject(new Error(`${name} broke off`)) : Promise.resolve(collection);
    },
  };
}

const names = ['storage-accounts', 'applications', 'service-principals', 'devices'] as const;

describe('writing a snapshot', () => {
  it('keeps objects, empty lists and gaps, as opening it shows', async () => {
    const files = openDirectoryFiles(join(await temporaryDirectory(), 'new', 'place'));

    await writeSnapshot(files, sourceOf(estate), names, capturedAt);

    const source = await openSnapshot(files);
    expect(source).toMatchObject({
      tenantId: '11111111-0000-4000-8000-00000000000a',
      cloud: 'AzureChinaCloud',
      capturedAt,
    });
    for (const name of names) expect(await source.read(name)).toEqual(estate[name]);
  });

  it('writes one object a line', async () => {
    const directory = await temporaryDirectory();

    await writeSnapshot(openDirectoryFiles(directory), sourceOf(estate), names, capturedAt);

    const text = await readFile(join(directory, 'storage-accounts.ndjson'), 'utf8');
    expect(text.split('\n')).toHaveLength(3);
    expect(await readFile(join(directory, 'applications.ndjson'), 'utf8')).toBe('');
  });

  it('gives the same bytes for the same estate', async () => {
    const [first, second] = [await temporaryDirectory(), await temporaryDirectory()];

    for (const place of [first, second])
      await writeSnapshot(openDirectoryFiles(place), sourceOf(estate), names, capturedAt);

    expect(await readdir(second)).toEqual(await readdir(first));
    for (const name of await readdir(first)) {
      expect(await readFile(join(second, name))).toEqual(await readFile(join(first, name)));
    }
  });

  it('removes what an earlier snapshot read and this one could not', async () => {
    const files = openDirectoryFiles(await temporaryDirectory());
    await writeSnapshot(files, sourceOf({ ...estate, devices: known([{ id: 'd' }]) }), names, capturedAt);

    await writeSnapshot(files, sourceOf(estate), names, capturedAt);

    expect(await (await openSnapshot(files)).read('devices')).toEqual(unavailable(refused));
  });

  it('leaves no snapshot behind when it breaks off, not even the earlier one', async () => {
    const files = openDirectoryFiles(await temporaryDirectory());
    await writeSnapshot(files, sourceOf(estate), names, capturedAt);

    await expect(writeSnapshot(files, sourceOf(estate), [...names, 'cloud-trusts'], capturedAt)).rejects.toThrow(
      'broke off',
    );

    await expect(openSnapshot(files)).rejects.toThrow(SnapshotNotFound);
  });
});
