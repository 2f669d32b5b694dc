import { describe, expect, it } from 'vitest';
import type { Run } from '../../domain/audit/run.ts';
import { noRequests } from '../../domain/audit/run.ts';
import { known } from '../../domain/model/collection.ts';
import type { GapReason } from '../../domain/model/collection.ts';
import type { PrivateEndpoint } from '../../domain/model/resources.ts';
import type { PrivateEndpointReading } from '../../infra/azure/arm/read-private-endpoint.ts';
import { createEndpointTargets, EndpointUnreadable } from '../../infra/endpoint-targets.ts';
import { SnapshotNotFound } from '../../infra/snapshot/snapshot-not-found.ts';
import { now, tenantId } from '../domain/build.ts';
import { directoryOf, kerberosAccount, resourcesOf } from '../domain/estate.ts';

const account = kerberosAccount('profiles');
const group = account.id.replace(/\/providers.*/, '');
const id = `${group}/providers/Microsoft.Network/privateEndpoints/PE`;
const connection = (privateLinkServiceId: string) => ({ properties: { privateLinkServiceId, groupIds: ['file'] } });

const run: Run = {
  id: 'r1',
  tenantId,
  startedAt: now,
  finishedAt: now,
  shards: 1,
  gaps: [],
  requests: noRequests,
  accounts: { seen: 1, inScope: 1 },
  tally: null,
};

/** @param kept of the last run; null: its files are gone, undefined: there was no run. */
function targets(reading: PrivateEndpointReading, kept?: readonly PrivateEndpoint[] | null) {
  return createEndpointTargets({
    read: () => Promise.resolve(reading),
    runs: { latest: () => Promise.resolve(kept === undefined ? [] : [run]) },
    collections: {
      shared: () =>
        kept === null || kept === undefined
          ? Promise.reject(new SnapshotNotFound('run r1', 'it has no manifest'))
          : Promise.resolve({
              directory: directoryOf([]),
              resources: { ...resourcesOf(), privateEndpoints: known(kept) },
            }),
    },
  });
}

function unreadable(reason: GapReason): PrivateEndpointReading {
  return { state: 'unreadable', failure: { reason, needs: null } };
}

const stored: PrivateEndpoint = {
  key: id.toLowerCase(),
  name: 'PE',
  links: [{ targetKey: account.key, groupIds: ['file'], status: 'Approved' }],
};

describe('Where a private endpoint leads', () => {
  it('is what ARM says: the storage accounts among its targets, those approved by hand too, each once', async () => {
    const properties = {
      privateLinkServiceConnections: [connection(account.id), connection(`${group}/providers/Microsoft.Sql/servers/s`)],
      manualPrivateLinkServiceConnections: [connection(account.id.toUpperCase())],
    };

    expect(await targets({ state: 'found', endpoint: { id, name: 'PE', properties } }).of(id)).toEqual([account.key]);
  });

  it('is what the last run read, where it is gone', async () => {
    expect(await targets(unreadable('server-error'), [stored]).of(id)).toEqual([account.key]);
    expect(await targets(unreadable('unreachable'), [stored]).of(id)).toEqual([account.key]);
  });

  it.each([
    ['there was no run', undefined],
    ['the last run’s files are removed', null],
    ['the last run did not know it', []],
  ])('cannot be told where it is gone and %s', async (_, kept) => {
    expect(await targets(unreadable('server-error'), kept).of(id)).toBeNull();
  });

  it.each<GapReason>(['throttled', 'unreachable'])(
    'is asked for again where it is %s and no run knew it',
    async (reason) => {
      await expect(targets(unreadable(reason), []).of(id)).rejects.toThrow(EndpointUnreadable);
    },
  );
});
