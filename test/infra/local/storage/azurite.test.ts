import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { RestError, TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  startLocalStorage,
  StoragePortInUseError,
  type LocalStorage,
} from '../../../../infra/local/storage/azurite.ts';

describe('local storage', () => {
  let storage: LocalStorage;

  beforeEach(async () => {
    storage = await startLocalStorage();
  });
  afterEach(async () => {
    await storage.stop();
  });

  function tableClient(name: string): TableClient {
    return TableClient.fromConnectionString(storage.connectionString, name, {
      allowInsecureConnection: true,
      retryOptions: { maxRetries: 0 },
    });
  }

  it('gives back the entity that was written, with its ETag enforced', async () => {
    const table = tableClient('findings');
    await table.createTable();

    await table.createEntity({ partitionKey: 'p', rowKey: 'r', outcome: 'fail' });
    const stored = await table.getEntity<{ outcome: string }>('p', 'r');
    await table.updateEntity({ partitionKey: 'p', rowKey: 'r', outcome: 'pass' }, 'Replace', { etag: stored.etag });
    const stale = table.updateEntity({ partitionKey: 'p', rowKey: 'r' }, 'Replace', { etag: stored.etag });

    expect(stored.outcome).toBe('fail');
    await expect(stale).rejects.toMatchObject({ statusCode: 412 });
  });

  it('gives back the blob that was written', async () => {
    const container = BlobServiceClient.fromConnectionString(storage.connectionString).getContainerClient('runs');
    await container.createIfNotExists();
    const content = '{"id":1}\n{"id":2}\n';

    await container.getBlockBlobClient('2026/run.ndjson').upload(content, Buffer.byteLength(content));

    expect((await container.getBlockBlobClient('2026/run.ndjson').downloadToBuffer()).toString()).toBe(content);
  });

  it('refuses connections while the tables are stopped, and comes back on the same port with its data', async () => {
    const table = tableClient('findings');
    await table.createTable();
    await table.createEntity({ partitionKey: 'p', rowKey: 'r', outcome: 'fail' });

    await storage.stopTables();
    const during = await table.getEntity('p', 'r').catch((error: unknown) => error);
    await storage.startTables();
    const after = await table.getEntity<{ outcome: string }>('p', 'r');

    expect(during).toBeInstanceOf(RestError);
    expect((during as RestError).code).toMatch(/^ECONN(REFUSED|RESET)$/);
    expect(after.outcome).toBe('fail');
  });

  it('can be stopped while the tables are away', async () => {
    const other = await startLocalStorage();
    await other.stopTables();

    await expect(other.stop()).resolves.toBeUndefined();
  });

  it('keeps two storages in one process apart', async () => {
    const other = await startLocalStorage();
    try {
      await tableClient('findings').createTable();
      const elsewhere = TableClient.fromConnectionString(other.connectionString, 'findings', {
        allowInsecureConnection: true,
      });

      await expect(elsewhere.getEntity('p', 'r')).rejects.toMatchObject({
        details: { odataError: { code: 'TableNotFound' } },
      });
    } finally {
      await other.stop();
    }
  });
});

describe('a port in use', () => {
  it('is named, with what to do', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;

    const start = startLocalStorage({ blobPort: port });

    await expect(start).rejects.toThrow(StoragePortInUseError);
    await expect(start).rejects.toThrow(
      new RegExp(`blob storage .*127\\.0\\.0\\.1:${String(port)}.*choose another port`),
    );
    squatter.close();
  });
});
