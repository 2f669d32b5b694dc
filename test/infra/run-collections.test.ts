import { describe, expect, it } from 'vitest';
import { type Collection, type CollectionName, known, unavailable } from '../../domain/model/collection.ts';
import type { EstateSource, WireObject } from '../../infra/estate-source.ts';
import { createRunCollections, RunFileMissing } from '../../infra/run-collections.ts';
import type { SnapshotFiles } from '../../infra/snapshot/snapshot-files.ts';
import { SnapshotNotFound } from '../../infra/snapshot/snapshot-not-found.ts';
import { gap, guid, now, tenantId } from '../domain/build.ts';

function wireAccount(name: string): WireObject & { readonly id: string } {
  const id = `/subscriptions/${guid(2)}/resourceGroups/Profiles/providers/Microsoft.Storage/storageAccounts/${name}`;
  return { id, name, location: 'westeurope', kind: 'StorageV2', tags: {}, properties: { kept: 'as it came' } };
}

const principal = {
  id: guid(3),
  appId: guid(4),
  displayName: 'App',
  servicePrincipalNames: [],
  passwordCredentials: [],
};
const [one, two] = [wireAccount('one'), wireAccount('two')];

function source(over: Partial<Record<CollectionName, Collection<WireObject>>> = {}): EstateSource {
  const estate: Partial<Record<CollectionName, Collection<WireObject>>> = {
    'storage-accounts': known([one, two]),
    applications: known([]),
    'service-principals': known([principal]),
    'oauth2-permission-grants': known([]),
    'conditional-access-policies': unavailable(gap('conditional-access-policies')),
    ...over,
  };
  return {
    kind: 'live',
    tenantId,
    cloud: 'AzurePublic',
    capturedAt: null,
    requests: { resourceGraph: 1, graph: 4, arm: 0, throttled: 0 },
    readableSubscriptions: () => Promise.resolve(null),
    read: (name) => Promise.resolve(estate[name] ?? unavailable(gap(name))),
    readAccount: () => Promise.reject(new Error('A run reads no single account')),
  };
}

/** Blobs by place and name; `opened` counts how often a place was listed. */
function blobs() {
  const places = new Map<string, Map<string, string[]>>();
  const opened: string[] = [];
  const files = (where: string): SnapshotFiles => ({
    where,
    list: () => {
      opened.push(where);
      const place = places.get(where);
      return Promise.resolve(place === undefined ? null : [...place.keys()]);
    },
    readText: (name) => {
      const lines = places.get(where)?.get(name);
      return Promise.resolve(lines === undefined ? null : each(lines));
    },
    write: async (name, lines) => {
      const place = places.get(where) ?? new Map<string, string[]>();
      place.set(name, await Array.fromAsync(lines));
      places.set(where, place);
    },
    remove: (name) => Promise.resolve(void places.get(where)?.delete(name)),
  });
  return { places, opened, files };
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) yield await Promise.resolve(line);
}

function kept(over?: Parameters<typeof source>[0]) {
  const { places, opened, files } = blobs();
  const onInstance = () => createRunCollections({ estate: () => source(over), files, now: () => now });
  return { places, opened, onInstance, collections: onInstance() };
}

describe('The collections of a run', () => {
  it('are captured with their gaps and the requests that they cost', async () => {
    const captured = await kept().collections.capture('run-1');

    expect(captured).toMatchObject({
      storageAccounts: { state: 'known', items: [{ name: 'one' }, { name: 'two' }] },
      directory: { tenantId, servicePrincipals: { state: 'known', items: [{ id: guid(3) }] } },
      gaps: [gap('conditional-access-policies')],
      requests: { resourceGraph: 1, graph: 4 },
    });
  });

  it('are the same on another instance: what was not read is not an empty list there', async () => {
    const { collections, onInstance } = kept();
    const { directory } = await collections.capture('run-1');

    expect(await onInstance().directory('run-1')).toEqual(directory);
    expect(directory.conditionalAccessPolicies.state).toBe('unavailable');
  });

  it('give a shard its own accounts, by keys in lower case, on any instance', async () => {
    const { collections, onInstance, places } = kept();
    await collections.capture('run-1');
    await collections.keepShard('run-1', 0, [two.id.toLowerCase()]);
    await collections.keepShard('run-1', 1, []);

    expect((await onInstance().shardAccounts('run-1', 0)).map(({ name }) => name)).toEqual(['two']);
    expect(await onInstance().shardAccounts('run-1', 1)).toEqual([]);
    const lines = [...places.values()].flatMap((place) => place.get('storage-accounts.ndjson') ?? []);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([two]);
  });

  it('keep runs apart', async () => {
    const { collections } = kept();
    for (const run of ['run-1', 'run-2']) await collections.capture(run);
    await collections.keepShard('run-1', 0, [one.id.toLowerCase()]);
    await collections.keepShard('run-2', 0, [two.id.toLowerCase()]);

    expect((await collections.shardAccounts('run-1', 0)).map(({ name }) => name)).toEqual(['one']);
    expect((await collections.shardAccounts('run-2', 0)).map(({ name }) => name)).toEqual(['two']);
  });

  it('do not take a shard whose file is gone for one without accounts', async () => {
    const { collections } = kept();
    await collections.capture('run-1');

    await expect(collections.shardAccounts('run-1', 0)).rejects.toThrow(RunFileMissing);
  });

  it('keep no shard of a run that was released, or captured elsewhere', async () => {
    const { collections, onInstance } = kept();
    await collections.capture('run-1');
    await expect(onInstance().keepShard('run-1', 0, [])).rejects.toThrow(RunFileMissing);
    collections.release('run-1');

    await expect(collections.keepShard('run-1', 0, [])).rejects.toThrow(/plan it again/);
  });

  it('are read once for a burst of shards of one run', async () => {
    const { collections, onInstance, opened } = kept();
    await collections.capture('run-1');
    await collections.capture('run-2');
    const instance = onInstance();

    await Promise.all([instance.directory('run-1'), instance.directory('run-1')]);
    await instance.directory('run-1');
    expect(opened).toEqual(['run-1']);

    await instance.directory('run-2');
    expect(opened).toEqual(['run-1', 'run-2']);
  });

  it('are read again after a reading that failed', async () => {
    const { collections } = kept();
    await expect(collections.directory('run-1')).rejects.toThrow(SnapshotNotFound);
    await collections.capture('run-1');

    expect(await collections.directory('run-1')).toMatchObject({ tenantId });
  });
});
