import type { CapturedEstate, RunCollections } from '../../../domain/audit/ports.ts';
import { noRequests } from '../../../domain/audit/run.ts';
import { type Collection, collected, type Gap, itemsOf, known } from '../../../domain/model/collection.ts';
import type { FileService } from '../../../domain/model/resources.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { StoreUnreachable } from '../../../infra/azure/store-unreachable.ts';
import type { Call, Gate } from '../gate.ts';
import type { Slot } from '../instance.ts';
import type { Random } from '../random.ts';
import type { Weather } from '../weather.ts';
import { fileServicesOf, storageAccountOf } from './facts-of.ts';
import { subscriptionIds } from './live.ts';
import { accountAt, type Readings, sharedFactsOf } from './readings.ts';
import type { Tenant } from './tenant.ts';

/** What runs have kept: the blobs, which all instances see. */
export interface RunFiles {
  readonly captured: Map<string, CapturedEstate>;
  readonly shards: Map<string, readonly StorageAccount[]>;
  /** File services of a shard's accounts, as they were when the shard was first read. */
  readonly services: Map<string, Collection<FileService>>;
}

export interface RunCollectionsParts {
  readonly tenant: Tenant;
  readonly readings: Readings;
  readonly files: RunFiles;
  readonly random: Random;
  readonly weather: Weather;
  readonly gate: Gate;
}

/** The lists of a run as one invocation reads and keeps them. */
export function runCollections(slot: Slot, { gate, ...parts }: RunCollectionsParts): RunCollections {
  const { files, readings } = parts;
  const failure = (): Error => new StoreUnreachable('store.example', 'container runs', null);

  function blob<T>(member: string, weight: Call<T>['weight'], effect: () => T): Promise<T> {
    return gate(slot, { name: `runs.${member}`, weight, effect, failure, part: 'store' });
  }

  function kept<T>(from: ReadonlyMap<string, T>, key: string): T {
    const found = from.get(key);
    if (found === undefined) throw new Error(`No run has kept ${key}`);
    return found;
  }

  return {
    async capture(runId) {
      const directory = await gate(slot, {
        name: 'graph.lists',
        weight: 'reads',
        effect: () => readings.directory(slot),
      });
      const listed = await gate(slot, {
        name: 'graph.accounts',
        weight: 'reads',
        effect: () => accountsListed(slot, parts),
      });
      const captured: CapturedEstate = { ...sharedFactsOf(directory, parts.tenant), ...listed, requests: noRequests };
      return blob('keep', 'writes', () => {
        files.captured.set(runId, captured);
        return captured;
      });
    },
    keepShard: (runId, shard, keys) =>
      blob('keep-shard', 'writes', () => {
        const accounts = itemsOf(kept(files.captured, runId).storageAccounts);
        const place = `${runId}/${String(shard)}`;
        files.shards.set(
          place,
          accounts.filter(({ key }) => keys.includes(key)),
        );
        files.services.delete(place);
      }),
    release: () => undefined,
    shared: (runId) => blob('shared', 'reads', () => kept(files.captured, runId)),
    storageAccounts: (runId) => blob('accounts', 'reads', () => kept(files.captured, runId).storageAccounts),
    shardFacts: (runId, shard) =>
      blob('shard', 'reads', () => {
        const place = `${runId}/${String(shard)}`;
        const items = kept(files.shards, place);
        const fileServices = files.services.get(place) ?? servicesOf(items, parts.tenant);
        files.services.set(place, fileServices);
        return { storageAccounts: known(items), fileServices, requests: noRequests };
      }),
  };
}

/** A subscription that may not be read is not seen at all, and its accounts are missing without a word. */
function accountsListed(
  slot: Slot,
  { tenant, random, weather }: RunCollectionsParts | Omit<RunCollectionsParts, 'gate'>,
): Pick<CapturedEstate, 'storageAccounts' | 'reach'> {
  const seen = subscriptionIds.filter((id) => !tenant.forbidden.has(id));
  const accounts = tenant.live.accounts
    .filter(({ exists, subscriptionId }) => exists && seen.some((id) => id === subscriptionId))
    .map(storageAccountOf);
  const gaps = seen
    .filter(() => !weather.calm && slot.mayFail() && random.chance(weather.gap))
    .map((id): Gap => ({
      collection: 'storage-accounts',
      scope: `/subscriptions/${id}`,
      reason: 'truncated',
      needs: null,
    }));
  const cut = new Set(gaps.map(({ scope }) => scope.slice('/subscriptions/'.length)));
  const came = accounts.filter(({ subscriptionId }) => !cut.has(subscriptionId) || random.chance(0.5));
  return {
    storageAccounts: collected(came, gaps),
    reach: {
      scope: { subscriptions: [], managementGroups: [] },
      seen,
      pages: new Map([['storage-accounts', 1]]),
    },
  };
}

/** Read one by one when the shard is first audited, not when its accounts were listed; of one that is gone there is none. */
function servicesOf(accounts: readonly StorageAccount[], { live }: Tenant): Collection<FileService> {
  return known(
    accounts.flatMap(({ key }) => {
      const account = accountAt(live.accounts, key);
      return account === null ? [] : itemsOf(fileServicesOf(account));
    }),
  );
}
