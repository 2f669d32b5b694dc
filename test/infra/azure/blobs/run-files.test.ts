import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ContainerClient } from '@azure/storage-blob';
import { describe, expect, it } from 'vitest';
import { openRunFiles } from '../../../../infra/azure/blobs/run-files.ts';
import { StoreUnreachable } from '../../../../infra/azure/store-unreachable.ts';
import { connectStorage } from '../../../../infra/azure/tables/connection.ts';
import type { SnapshotFiles } from '../../../../infra/snapshot/snapshot-files.ts';
import { collect, noCredential, useStorage } from '../tables/stored.ts';

const { storage } = useStorage();

function container(name: string): ContainerClient {
  const settings = { AzureWebJobsStorage: storage().connectionString };
  return connectStorage(settings, { credential: noCredential }).container(name);
}

async function read(files: SnapshotFiles, name: string): Promise<string[] | null> {
  const lines = await files.readText(name);
  return lines === null ? null : collect(lines);
}

describe('the files of a run', () => {
  it('come back line by line, the latest writing alone', async () => {
    const files = openRunFiles(container('latest'), 'run-1');

    await files.write('applications.ndjson', ['{"id":0}']);
    await files.write('applications.ndjson', ['{"id":1}', '{"name":"é🎫"}']);

    expect(await read(files, 'applications.ndjson')).toEqual(['{"id":1}', '{"name":"é🎫"}']);
  });

  it('tell an empty file from one that is not there', async () => {
    const files = openRunFiles(container('empty'), 'run-1');

    expect(await read(files, 'applications.ndjson')).toBeNull();
    await files.write('applications.ndjson', []);
    expect(await read(files, 'applications.ndjson')).toEqual([]);
    expect(await read(files, 'service-principals.ndjson')).toBeNull();
  });

  it('are listed and removed for one run alone', async () => {
    const place = container('listed');
    const [first, second] = [openRunFiles(place, 'run-1'), openRunFiles(place, 'run-10')];

    expect(await first.list()).toBeNull();
    await first.remove('manifest.json');
    await first.write('manifest.json', ['{}']);
    await second.write('applications.ndjson', []);
    expect(await first.list()).toEqual(['manifest.json']);
    await first.remove('manifest.json');
    await first.remove('manifest.json');

    expect(await first.list()).toBeNull();
    expect(await second.list()).toEqual(['applications.ndjson']);
  });

  it('are kept apart from those of a part of the run', async () => {
    const place = container('parts');
    const [whole, part] = [openRunFiles(place, 'run-1'), openRunFiles(place, 'run-1/shard-0000')];

    await whole.write('manifest.json', ['{}']);
    await part.write('storage-accounts.ndjson', ['{"id":1}']);

    expect(await whole.list()).toEqual(['manifest.json']);
    expect(await part.list()).toEqual(['storage-accounts.ndjson']);
    expect(await read(part, 'storage-accounts.ndjson')).toEqual(['{"id":1}']);
  });

  it('do not appear when their writing breaks off', async () => {
    const files = openRunFiles(container('broken'), 'run-1');
    async function* breaking(): AsyncGenerator<string> {
      yield 'x'.repeat(5_000_000);
      throw new Error('the source broke off');
    }

    await expect(files.write('applications.ndjson', breaking())).rejects.toThrow('the source broke off');

    expect(await read(files, 'applications.ndjson')).toBeNull();
  });

  it('name the host and the container that cannot be reached', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    const nowhere = new ContainerClient(`http://127.0.0.1:${String(port)}/account/runs`, undefined, {
      retryOptions: { maxTries: 1 },
    });

    const reading = openRunFiles(nowhere, 'run-1').readText('manifest.json');

    await expect(reading).rejects.toThrow(StoreUnreachable);
    await expect(reading).rejects.toThrow(new RegExp(`127\\.0\\.0\\.1:${String(port)}.*container runs`));
  });
});
