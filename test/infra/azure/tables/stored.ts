import { afterAll, beforeAll } from 'vitest';
import { connectStorage } from '../../../../infra/azure/tables/connection.ts';
import type { Table } from '../../../../infra/azure/tables/table.ts';
import { startLocalStorage, type LocalStorage } from '../../../../infra/local/storage/azurite.ts';

/** Azurite for one test file, and tables in it that no other test sees. */
export function useStorage(): { readonly storage: () => LocalStorage; readonly freshTable: () => Table } {
  let storage: LocalStorage | undefined;
  let tables = 0;
  const running = (): LocalStorage => {
    if (storage === undefined) throw new Error('The storage starts with the first test');
    return storage;
  };

  beforeAll(async () => {
    storage = await startLocalStorage();
  });
  afterAll(async () => {
    await running().stop();
  });
  return {
    storage: running,
    freshTable() {
      tables += 1;
      return connectStorage(
        { AzureWebJobsStorage: running().connectionString },
        { credential: noCredential, retries: 1 },
      ).table(`table${String(tables)}`);
    },
  };
}

export function noCredential(): never {
  throw new Error('A connection string needs no credential');
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  return Array.fromAsync(items);
}
