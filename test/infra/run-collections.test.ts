import { describe, expect, it } from 'vitest';
import type { RunCollections } from '../../domain/audit/ports.ts';
import {
  collected,
  type Collection,
  type CollectionName,
  gapsOf,
  itemsOf,
  known,
  unavailable,
} from '../../domain/model/collection.ts';
import type { EstateSource, WireObject } from '../../infra/estate-source.ts';
import { createRunCollections, RunFileMissing } from '../../infra/run-collections.ts';
import type { SnapshotFiles } from '../../infra/snapshot/snapshot-files.ts';
import { SnapshotNotFound } from '../../infra/snapshot/snapshot-not-found.ts';
import { gap, guid, now, tenantId } from '../domain/build.ts';

function wireAccount(name: string, source = 'AADKERB'): WireObject & { readonly id: string } {
  const id = `/subscriptions/${guid(2)}/resourceGroups/Profiles/providers/Microsoft.Storage/storageAccounts/${name}`;
  const azureFilesIdentityBasedAuthentication = { directoryServiceOptions: source };
  const properties = { kept: 'as it came', azureFilesIdentityBasedAuthentication };
  return { id, name, location: 'westeurope', kind: 'StorageV2', tags: {}, properties };
}

const principal = {
  id: guid(3),
  appId: guid(4),
  displayName: 'App',
  servicePrincipalNames: [],
  passwordCredentials: [],
};
const [one, two] = [wireAccount('one'), wireAccount('two')];

function source(
  over: Partial<Record<CollectionName, Collection<WireObject>>> = {},
  more: Partial<EstateSource> = {},
): EstateSource {
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
    readFileServices: (ids) => Promise.resolve(known(ids.map(serviceOf))),
    nameAvailability: () => Promise.reject(new Error('Collections ask for no name')),
    ...more,
  };
}

function serviceOf(accountId: string): WireObject {
  const smb = { authenticationMethods: 'Kerberos;' };
  return { id: `${accountId}/fileServices/default`, name: 'default', properties: { protocolSettings: { smb } } };
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

/** What the rules of a test read. */
const wanted: ReadonlySet<CollectionName> = new Set([
  'applications',
  'service-principals',
  'conditional-access-policies',
  'private-endpoints',
]);
const withServices = new Set([...wanted, 'file-services' as const]);

async function namesOf(collections: RunCollections, runId: string, shard: number): Promise<string[]> {
  const { storageAccounts } = await collections.shardFacts(runId, shard, wanted);
  return itemsOf(storageAccounts).map(({ name }) => name);
}

function kept(over: Parameters<typeof source>[0] = {}, more: Partial<EstateSource> = {}) {
  const { places, opened, files } = blobs();
  const onInstance = () => createRunCollections({ estate: () => source(over, more), files, now: () => now });
  return { places, opened, onInstance, collections: onInstance() };
}

describe('The collections of a run', () => {
  it('are captured with the requests that they cost', async () => {
    const captured = await kept().collections.capture('run-1', wanted);

    expect(captured).toMatchObject({
      storageAccounts: { state: 'known', items: [{ name: 'one' }, { name: 'two' }] },
      directory: { tenantId, servicePrincipals: { state: 'known', items: [{ id: guid(3) }] } },
      requests: { resourceGraph: 1, graph: 4 },
    });
  });

  it('say what was asked for and seen, where the source can tell', async () => {
    const scope = { subscriptions: [guid(2)], managementGroups: [] };
    const pages = new Map([['storage-accounts', 2]] as const);
    const seen = kept({}, { scope, pages, readableSubscriptions: () => Promise.resolve([guid(2)]) });

    expect((await seen.collections.capture('run-1', wanted)).reach).toEqual({ scope, pages, seen: [guid(2)] });
    expect((await kept().collections.capture('run-1', wanted)).reach).toEqual({
      scope: { subscriptions: [], managementGroups: [] },
      pages: new Map(),
      seen: null,
    });
  });

  it('are the same on another instance: what was not read is not an empty list there', async () => {
    const { collections, onInstance } = kept();
    const { directory, resources } = await collections.capture('run-1', wanted);

    expect(await onInstance().shared('run-1')).toEqual({ directory, resources });
    expect(directory.conditionalAccessPolicies.state).toBe('unavailable');
  });

  it('give a shard its own accounts, by keys in lower case, on any instance', async () => {
    const { collections, onInstance, places } = kept();
    await collections.capture('run-1', wanted);
    await collections.keepShard('run-1', 0, [two.id.toLowerCase()]);
    await collections.keepShard('run-1', 1, []);

    expect(await namesOf(onInstance(), 'run-1', 0)).toEqual(['two']);
    expect(await namesOf(onInstance(), 'run-1', 1)).toEqual([]);
    const lines = places.get('run-1/shard-0000')?.get('storage-accounts.ndjson') ?? [];
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([two]);
  });

  it('keep runs apart', async () => {
    const { collections } = kept();
    for (const run of ['run-1', 'run-2']) await collections.capture(run, wanted);
    await collections.keepShard('run-1', 0, [one.id.toLowerCase()]);
    await collections.keepShard('run-2', 0, [two.id.toLowerCase()]);

    expect(await namesOf(collections, 'run-1', 0)).toEqual(['one']);
    expect(await namesOf(collections, 'run-2', 0)).toEqual(['two']);
  });

  it('do not take a shard whose file is gone for one without accounts', async () => {
    const { collections } = kept();
    await collections.capture('run-1', wanted);

    await expect(collections.shardFacts('run-1', 0, wanted)).rejects.toThrow(RunFileMissing);
  });

  it('keep no shard of a run that was released, or captured elsewhere', async () => {
    const { collections, onInstance } = kept();
    await collections.capture('run-1', wanted);
    await expect(onInstance().keepShard('run-1', 0, [])).rejects.toThrow(RunFileMissing);
    collections.release('run-1');

    await expect(collections.keepShard('run-1', 0, [])).rejects.toThrow(/plan it again/);
  });

  it('are read once for a burst of shards of one run', async () => {
    const { collections, onInstance, opened } = kept();
    await collections.capture('run-1', wanted);
    await collections.capture('run-2', wanted);
    const instance = onInstance();

    await Promise.all([instance.shared('run-1'), instance.shared('run-1')]);
    await instance.shared('run-1');
    expect(opened).toEqual(['run-1']);

    await instance.shared('run-2');
    expect(opened).toEqual(['run-1', 'run-2']);
  });

  it('are read again after a reading that failed', async () => {
    const { collections } = kept();
    await expect(collections.shared('run-1')).rejects.toThrow(SnapshotNotFound);
    await collections.capture('run-1', wanted);

    expect(await collections.shared('run-1')).toMatchObject({ directory: { tenantId } });
  });
});

describe('What no rule wants', () => {
  it('is not read, and is not-read on every instance', async () => {
    const asked: CollectionName[] = [];
    const read: EstateSource['read'] = (name) => {
      asked.push(name);
      return source().read(name);
    };
    const { collections, onInstance, places } = kept({}, { read });
    await collections.capture('run-1', wanted);

    expect(new Set(asked)).toEqual(new Set(['storage-accounts', ...wanted]));
    const { directory, resources } = await onInstance().shared('run-1');
    expect(gapsOf(directory.oauth2PermissionGrants).map(({ reason }) => reason)).toEqual(['not-read']);
    expect(resources.roleAssignments.state).toBe('unavailable');
    expect(places.get('run-1')?.has('oauth2-permission-grants.ndjson')).toBe(false);
  });
});

describe('The accounts of a run', () => {
  it('are all kept, with what hides others, beside those of its shards', async () => {
    const hidden = { ...gap('storage-accounts'), scope: `/subscriptions/${guid(9)}` };
    const { collections, onInstance } = kept({ 'storage-accounts': collected([one, two], [hidden]) });
    await collections.capture('run-1', wanted);

    const accounts = await onInstance().storageAccounts('run-1');

    expect(accounts).toMatchObject({ state: 'partial', items: [{ name: 'one' }, { name: 'two' }], gaps: [hidden] });
  });
});

describe('The file services of a shard', () => {
  const hidden = { ...gap('file-services'), scope: two.id.toLowerCase() };

  /** Counts how often they are read; `two` may not be. */
  function partlyForbidden() {
    const readings: (readonly string[])[] = [];
    const readFileServices: EstateSource['readFileServices'] = (ids) => {
      readings.push(ids);
      return Promise.resolve(collected(ids.filter((id) => id !== two.id).map(serviceOf), [hidden]));
    };
    const plain = wireAccount('plain', 'None');
    const blobs = { ...wireAccount('blobs'), kind: 'BlobStorage' };
    const accounts = [one, two, plain, blobs];
    const { onInstance, collections, places } = kept({ 'storage-accounts': known(accounts) }, { readFileServices });
    const keys = accounts.map(({ id }) => id.toLowerCase());
    return { readings, onInstance, collections, places, keys };
  }

  it('are read for accounts that use Entra Kerberos and can hold shares, and say which could not be read', async () => {
    const { collections, keys, readings } = partlyForbidden();
    await collections.capture('run-1', withServices);
    await collections.keepShard('run-1', 0, keys);

    const { fileServices, requests } = await collections.shardFacts('run-1', 0, withServices);

    expect(readings).toEqual([[one.id, two.id]]);
    expect(fileServices).toMatchObject({
      state: 'partial',
      items: [
        { accountKey: one.id.toLowerCase(), authenticationMethods: ['Kerberos'], kerberosTicketEncryption: null },
      ],
      gaps: [hidden],
    });
    expect(requests).toEqual(source().requests);
  });

  it('are read once: a redelivery finds what was kept, with its gaps, and costs nothing', async () => {
    const { collections, onInstance, keys, readings } = partlyForbidden();
    await collections.capture('run-1', withServices);
    await collections.keepShard('run-1', 0, keys);
    const first = await collections.shardFacts('run-1', 0, withServices);

    const again = await onInstance().shardFacts('run-1', 0, withServices);

    expect(again.fileServices).toEqual(first.fileServices);
    expect(again.requests).toEqual({ resourceGraph: 0, graph: 0, arm: 0, throttled: 0 });
    expect(readings).toHaveLength(1);
  });

  it('are read again where the reading was cut short, and where the run was planned again', async () => {
    const { collections, keys, places, readings } = partlyForbidden();
    await collections.capture('run-1', withServices);
    await collections.keepShard('run-1', 0, keys);
    await collections.shardFacts('run-1', 0, withServices);
    // The manifest is written last.
    places.get('run-1/shard-0000')?.delete('manifest.json');
    await collections.shardFacts('run-1', 0, withServices);
    await collections.keepShard('run-1', 0, [one.id.toLowerCase()]);
    await collections.shardFacts('run-1', 0, withServices);

    expect(readings.map(({ length }) => length)).toEqual([2, 2, 1]);
  });

  it('are not read, and not taken for none, where no rule wants them', async () => {
    const { collections, keys, readings } = partlyForbidden();
    await collections.capture('run-1', wanted);
    await collections.keepShard('run-1', 0, keys);

    const { fileServices } = await collections.shardFacts('run-1', 0, wanted);

    expect(gapsOf(fileServices).map(({ reason }) => reason)).toEqual(['not-read']);
    expect(readings).toEqual([]);
  });
});
